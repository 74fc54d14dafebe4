using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tokens;

/// <summary>Tells from a dead grant's history what most likely ended it.</summary>
internal static class ReauthReasons
{
    // Atlassian's limits: 90 days without a refresh, and 365 days from the first consent, which no refresh extends.
    private static readonly TimeSpan InactivityLimit = TimeSpan.FromDays(90);
    private static readonly TimeSpan ConsentLimit = TimeSpan.FromDays(365);

    /// <summary>Why the token endpoint calls the refresh token of <paramref name="grant"/> invalid.</summary>
    public static ReauthReason Infer(Grant grant, DateTimeOffset now) =>
        now - grant.Pair.ObtainedAt > InactivityLimit ? ReauthReason.Inactive
        : now - grant.ConsentedAt > ConsentLimit ? ReauthReason.ConsentExpired
        : ReauthReason.Revoked;
}
