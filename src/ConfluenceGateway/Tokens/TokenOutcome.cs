using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tokens;

/// <summary>Whether there is a token for a request, and if not, why. The set is closed: handle it with a <c>switch</c>.</summary>
internal abstract record TokenOutcome
{
    private TokenOutcome()
    {
    }

    /// <summary>A token that is valid now.</summary>
    /// <param name="Snapshot">The connection, with its grant.</param>
    internal sealed record Ready(ConnectionSnapshot Snapshot) : TokenOutcome
    {
        /// <summary>The grant.</summary>
        public Grant Grant => Snapshot.Grant!;
    }

    /// <summary>There is no such connection.</summary>
    internal sealed record Unknown : TokenOutcome;

    /// <summary>Nobody consented yet.</summary>
    internal sealed record NotConnected : TokenOutcome;

    /// <summary>An operator stopped it.</summary>
    internal sealed record Paused : TokenOutcome;

    /// <summary>The grant is dead: a person must consent again.</summary>
    internal sealed record ReauthRequired(GrantDeath Death) : TokenOutcome;

    /// <summary>The app is refused by the token endpoint, or not configured.</summary>
    internal sealed record Misconfigured(string Evidence, TimeSpan RetryAfter) : TokenOutcome;

    /// <summary>There is none just now: the token endpoint or the store is out of reach.</summary>
    internal sealed record Unavailable(string Evidence, TimeSpan RetryAfter) : TokenOutcome;
}
