namespace ConfluenceGateway.Connections;

/// <summary>What Atlassian gave for a connection, as it was last stored.</summary>
/// <param name="Generation">Counts the pairs stored for the connection, from 1.</param>
/// <param name="Pair">The newest pair.</param>
/// <param name="ClientId">The app it was given to; another app cannot refresh it.</param>
/// <param name="AccountId">The Atlassian account that consented, when it could be read.</param>
/// <param name="ConsentedAt">When a person last consented, or an import took it over.</param>
/// <param name="AfterRejection">Whether the pair was fetched because the upstream rejected the one before.</param>
/// <param name="Death">Set when the grant is dead and only a person can repair it.</param>
internal sealed record Grant(
    long Generation, TokenPair Pair, string ClientId, string? AccountId, DateTimeOffset ConsentedAt, bool AfterRejection, GrantDeath? Death);

/// <summary>Why a grant is dead.</summary>
/// <param name="Reason">The cause.</param>
/// <param name="Evidence">What was seen that says so; never a token.</param>
/// <param name="Since">When it was seen; null when it follows from the settings and was never stored.</param>
internal sealed record GrantDeath(ReauthReason Reason, string Evidence, DateTimeOffset? Since);

/// <summary>Why a person must consent again. Written in snake case wherever it is shown or stored.</summary>
internal enum ReauthReason
{
    /// <summary>The token endpoint calls the token invalid: revoked by the user or an administrator, or the password changed.</summary>
    Revoked,

    /// <summary>The token was not used for longer than Atlassian keeps it (90 days).</summary>
    Inactive,

    /// <summary>The consent is older than Atlassian lets it live (365 days).</summary>
    ConsentExpired,

    /// <summary>The grant belongs to another client id than the configured one.</summary>
    WrongApp,
}
