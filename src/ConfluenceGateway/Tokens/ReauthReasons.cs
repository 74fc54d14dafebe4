using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tokens;

/// <summary>Tells from a dead grant's history what most likely ended it.</summary>
internal static class ReauthReasons
{
    // A program that still has the token spends it within the hour that an access token lives, or with the next day's work.
    private static readonly TimeSpan Suspicion = TimeSpan.FromDays(1);

    /// <summary>
    /// The grant cannot be refreshed, because it was given to another app than the configured one; null when it was not.
    /// Told from the record and never written to it: with the right client id back, the grant lives again.
    /// </summary>
    public static GrantDeath? WrongApp(Grant grant, AtlassianOptions app) => !app.IsConfigured || grant.ClientId == app.ClientId
        ? null
        : new GrantDeath(ReauthReason.WrongApp, $"the grant was given to client id {grant.ClientId}, configured is {app.ClientId}", Since: null);

    /// <summary>Whether a connection serves, and why not, with the app that is configured now.</summary>
    public static (ConnectionState State, ReauthReason? Reason) StandingOf(ConnectionSummary summary, AtlassianOptions app)
    {
        var reason = summary.Reason ?? (app.IsConfigured && summary.ClientId is { } given && given != app.ClientId ? ReauthReason.WrongApp : null);
        return (summary.State == ConnectionState.Active && reason is not null ? ConnectionState.ReauthRequired : summary.State, reason);
    }

    /// <summary>What ended <paramref name="grant"/>, whose refresh token the token endpoint calls invalid.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="intent">The exchange that was refused.</param>
    /// <param name="answer">The token endpoint's words.</param>
    /// <param name="now">The time.</param>
    public static GrantDeath Infer(Grant grant, Intent intent, string answer, DateTimeOffset now) => intent.UnansweredSince is { } unanswered
        ? new GrantDeath(ReauthReason.RotationLost, $"no answer to the exchange begun at {unanswered:u}; sent again at {intent.StartedAt:u}: {answer}", now)
        : grant.IsImported && now < grant.ConsentedAt + Suspicion
            ? new GrantDeath(
                ReauthReason.Replayed,
                $"imported at {grant.ConsentedAt:u}, refused at {now:u}: {answer}. Most likely another program still uses the imported token: stop it there, then connect again.",
                now)
        : now > grant.InactiveAt
            ? new GrantDeath(ReauthReason.Inactive, $"not refreshed since {grant.Pair.ObtainedAt:u}; then {answer}", now)
        : now > grant.ConsentExpiresAt
            ? new GrantDeath(ReauthReason.ConsentExpired, $"consented at {grant.ConsentedAt:u}; now {answer}", now)
        : new GrantDeath(ReauthReason.Revoked, answer, now);

    /// <summary>The grant lives and does not cover the connection's site; null when it does.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sites">What the grant covers.</param>
    /// <param name="now">The time.</param>
    public static GrantDeath? SiteLost(Connection connection, IReadOnlyList<Site> sites, DateTimeOffset now) => sites.Any(site => site.CloudId == connection.CloudId)
        ? null
        : new GrantDeath(
            ReauthReason.SiteLost,
            $"the grant no longer covers {connection.SiteUrl ?? connection.CloudId}, but {(sites.Count == 0 ? "no site" : string.Join(", ", sites.Select(site => site.Name)))}",
            now);
}
