using ConfluenceGateway.Callers;

namespace ConfluenceGateway.OAuth;

/// <summary>What a page says that ends a way: what happened, what came of it, and what to do next.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Kind">How it is to be taken.</param>
/// <param name="Title">What happened, in a few words.</param>
/// <param name="Text">What it means.</param>
public sealed record NoticeText(int Status, StatusKind Kind, string Title, string Text)
{
    /// <summary>Facts, by what they are.</summary>
    public IReadOnlyList<(string Term, string Value)> Facts { get; init; } = [];

    /// <summary>What the text lists.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>Whether everything is as it was before.</summary>
    public bool NothingChanged { get; init; } = true;

    /// <summary>What to do next; one way or several to choose from.</summary>
    public IReadOnlyList<string> Next { get; init; } = [];

    /// <summary>Where to begin anew, when that helps.</summary>
    public Uri? Retry { get; init; }
}
