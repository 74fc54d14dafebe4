using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tokens;

/// <summary>How a flight ended.</summary>
/// <param name="Name">The outcome as a metric's label.</param>
internal abstract record RefreshResult(string Name)
{
    /// <summary>There is something newer to look at: a rotation of ours, another replica's, or the end of the grant.</summary>
    internal sealed record Settled(string Name, ConnectionSnapshot? Snapshot) : RefreshResult(Name);

    /// <summary>Nothing changed, and nothing was lost.</summary>
    internal sealed record Failed(string Name, TokenOutcome Outcome) : RefreshResult(Name);
}
