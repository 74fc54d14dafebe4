using System.Text.RegularExpressions;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Callers;

/// <summary>What is known of a caller key; never the key itself, which is shown once and kept as a fingerprint.</summary>
/// <param name="Id">Its name in lists, logs and the API: <c>key_</c> and a UUID of version 7, so ids sort by age.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Connections">The ids of the connections it is for, or <see cref="EveryConnection"/> alone.</param>
/// <param name="Access">What may be done with it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
/// <param name="CreatedBy">Who made it, when that is known.</param>
/// <param name="LastUsedAt">When it was last accepted, to the minute or so; null when it never was.</param>
public sealed partial record CallerKey(
    string Id, string Name, IReadOnlyList<string> Connections, CallerAccess Access, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? CreatedBy,
    DateTimeOffset? LastUsedAt)
{
    /// <summary>What every key begins with, so that a scan for leaked secrets finds it.</summary>
    public const string Prefix = "cgwk_";

    /// <summary>Stands for every connection there is and will be. No connection can have it for its id.</summary>
    public const string EveryConnection = "*";

    /// <summary>Whether <paramref name="text"/> has the form of a key. What has not needs no look at the store.</summary>
    public static bool IsWellFormed(string text) => WholePattern().IsMatch(text);

    /// <summary>Whether a key stands somewhere in <paramref name="text"/>.</summary>
    public static bool IsIn(string text) => Pattern().IsMatch(text);

    /// <summary>Whether it is for <paramref name="connection"/>.</summary>
    internal bool Covers(ConnectionId connection) => Connections is [EveryConnection] || Connections.Contains(connection.Value, StringComparer.Ordinal);

    /// <summary>Whether it is refused by <paramref name="now"/>.</summary>
    public bool HasExpired(DateTimeOffset now) => ExpiresAt <= now;

    // 256 bits in base64url.
    [GeneratedRegex("^cgwk_[A-Za-z0-9_-]{43}\\z")]
    private static partial Regex WholePattern();

    [GeneratedRegex("cgwk_[A-Za-z0-9_-]{43}")]
    private static partial Regex Pattern();
}

/// <summary>What may be done with a key.</summary>
public enum CallerAccess
{
    /// <summary>Requests that change nothing: GET, HEAD and OPTIONS.</summary>
    Read,

    /// <summary>Everything.</summary>
    Write,
}
