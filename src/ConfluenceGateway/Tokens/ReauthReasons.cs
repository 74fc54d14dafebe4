using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tokens;

/// <summary>Tells from a dead grant's history what most likely ended it.</summary>
internal static class ReauthReasons
{
    // Atlassian's limits: 90 days without a refresh, and 365 days from the first consent, which no refresh extends.
    private static readonly TimeSpan InactivityLimit = TimeSpan.FromDays(90);
    private static readonly TimeSpan ConsentLimit = TimeSpan.FromDays(365);

    /// <summary>
    /// The grant cannot be refreshed, because it was given to another app than the configured one; null when it was not.
    /// Told from the record and never written to it: with the right client id back, the grant lives again.
    /// </summary>
    public static GrantDeath? WrongApp(Grant grant, AtlassianOptions app) => !app.IsConfigured || grant.ClientId == app.ClientId
        ? null
        : new GrantDeath(ReauthReason.WrongApp, $"the grant was given to client id {grant.ClientId}, configured is {app.ClientId}", Since: null);

    /// <summary>Why the token endpoint calls the refresh token of <paramref name="grant"/> invalid.</summary>
    public static ReauthReason Infer(Grant grant, DateTimeOffset now) =>
        now - grant.Pair.ObtainedAt > InactivityLimit ? ReauthReason.Inactive
        : now - grant.ConsentedAt > ConsentLimit ? ReauthReason.ConsentExpired
        : ReauthReason.Revoked;
}
