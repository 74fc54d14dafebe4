namespace ConfluenceGateway.Connections;

/// <summary>What Atlassian gave for a connection.</summary>
/// <param name="Generation">Counts the pairs stored for the connection, from 1.</param>
/// <param name="Pair">The newest pair.</param>
/// <param name="ClientId">The app it was given to; another app cannot refresh it.</param>
/// <param name="AccountId">The Atlassian account that consented, when it could be read.</param>
/// <param name="ConsentedAt">When a person last consented, or an import took it over.</param>
/// <param name="AfterRejection">Whether the pair was fetched because the upstream rejected the one before.</param>
/// <param name="Death">Set when the grant is dead and only a person can repair it.</param>
internal sealed record Grant(
    long Generation, TokenPair Pair, string ClientId, string? AccountId, DateTimeOffset ConsentedAt, bool AfterRejection, GrantDeath? Death)
{
    /// <summary>How long Atlassian keeps a grant that is not refreshed: 90 days (its documents).</summary>
    public static readonly TimeSpan InactivityLimit = TimeSpan.FromDays(90);

    /// <summary>How long a consent lives: 365 days, which no refresh extends (announced by Atlassian in 2022).</summary>
    public static readonly TimeSpan ConsentLimit = TimeSpan.FromDays(365);

    /// <summary>When the grant ends unless it is refreshed.</summary>
    public DateTimeOffset InactiveAt => Pair.ObtainedAt + InactivityLimit;

    /// <summary>When the grant ends unless somebody consents again.</summary>
    public DateTimeOffset ConsentExpiresAt => ConsentedAt + ConsentLimit;

    /// <summary>Whether the grant was taken over from elsewhere, at <see cref="ConsentedAt"/>, with no consent by this gateway since.</summary>
    public bool IsImported { get; init; }

    /// <summary>The exchange that gave the pair; null when it came from a consent or an import.</summary>
    public Exchange? Origin { get; init; }

    /// <summary>The number of the last exchange that was begun on this record: its time in milliseconds since 1970, or one more than the one before.</summary>
    public long Attempts { get; init; }

    /// <summary>The exchange of the pair's refresh token that is under way or was never answered; null when there is none.</summary>
    public Intent? Intent { get; init; }

    /// <summary>How long no exchange should be tried; null when one may.</summary>
    public Rest? Rest { get; init; }

    /// <summary>Which of two grants of a connection is the newer one.</summary>
    public GrantVersion Version => new(ConsentedAt, Generation);
}

/// <summary>
/// The age of a grant. A later consent is newer whatever the generations say, since a store that lost writes counts them again.
/// </summary>
internal readonly record struct GrantVersion(DateTimeOffset ConsentedAt, long Generation)
{
    /// <summary>Whether this one is newer than <paramref name="other"/>; <c>default</c> is older than any.</summary>
    public bool IsNewerThan(GrantVersion other) =>
        ConsentedAt != other.ConsentedAt ? ConsentedAt > other.ConsentedAt : Generation > other.Generation;
}

/// <summary>An exchange of a refresh token.</summary>
/// <param name="Spent">The fingerprint of the token given up in it.</param>
/// <param name="Attempt">Its number on the record. Of two exchanges of one token the higher number was begun later.</param>
internal sealed record Exchange(string Spent, long Attempt)
{
    /// <summary>When it began, by the clock of its replica: the number follows that clock.</summary>
    public DateTimeOffset BegunAt => DateTimeOffset.FromUnixTimeMilliseconds(Attempt);
}

/// <summary>The note written before an exchange: should its writer vanish, others know that the token may be spent.</summary>
/// <param name="Attempt">The exchange's number on the record.</param>
/// <param name="Replica">Who writes it.</param>
/// <param name="StartedAt">When it was written.</param>
/// <param name="Deadline">Until when the exchange may be under way.</param>
/// <param name="UnansweredSince">When the first exchange of this token began that never got a usable answer; null when there was none.</param>
internal sealed record Intent(long Attempt, string Replica, DateTimeOffset StartedAt, DateTimeOffset Deadline, DateTimeOffset? UnansweredSince);

/// <summary>The rest after failed exchanges, which all replicas keep.</summary>
/// <param name="Failures">How many failed in a row.</param>
/// <param name="Until">When the next may be tried.</param>
internal sealed record Rest(int Failures, DateTimeOffset Until);

/// <summary>Why a grant is dead.</summary>
/// <param name="Reason">The cause.</param>
/// <param name="Evidence">What was seen that says so; never a token.</param>
/// <param name="Since">When it was seen; null when it follows from the settings and was never stored.</param>
internal sealed record GrantDeath(ReauthReason Reason, string Evidence, DateTimeOffset? Since);

/// <summary>Why a person must consent again. Written in snake case wherever it is shown or stored.</summary>
public enum ReauthReason
{
    /// <summary>The token endpoint calls the token invalid: revoked by the user or an administrator, or the password changed.</summary>
    Revoked,

    /// <summary>The token was not used for longer than Atlassian keeps it (90 days).</summary>
    Inactive,

    /// <summary>The consent is older than Atlassian lets it live (365 days).</summary>
    ConsentExpired,

    /// <summary>The token was sent, no answer came, and by the time it was sent again it was refused: its successor is lost.</summary>
    RotationLost,

    /// <summary>The grant was imported a short while ago: somebody else most likely still uses its tokens, which ends it for all.</summary>
    Replayed,

    /// <summary>The grant lives, and no longer covers the connection's site.</summary>
    SiteLost,

    /// <summary>The grant belongs to another client id than the configured one.</summary>
    WrongApp,
}
