using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin;

/// <summary>How everything stands, as an operator asks first.</summary>
internal sealed class Overview(
    ConnectionDirectory directory, ConnectionViews views, RotationHistory history, AppStanding standing, AppQuota quota, SelfAudit audit, SetupState setup,
    ReplicaId replica, IOptionsMonitor<AtlassianOptions> options, TimeProvider time)
{
    /// <summary>How long before its end a grant is worth a look.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    private const int MostShown = 20;

    // What callers were served with in spite of it is no failure.
    private static readonly string[] Successes = ["rotated", "adopted", "unsaved", "conflict"];

    /// <summary>Looks.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<OverviewView> LookAsync(CancellationToken cancellationToken)
    {
        var (now, app) = (time.GetUtcNow(), options.CurrentValue);
        var refreshes = history.LastHourAsync();
        var evidence = standing.EvidenceAsync();
        var states = new Dictionary<ConnectionState, int>();
        var reasons = new Dictionary<ReauthReason, int>();
        List<(ConnectionSummary Summary, DateTimeOffset Since)> dead = [];
        List<(ConnectionSummary Summary, DateTimeOffset Until)> expiring = [];
        var all = await directory.ListAsync(cancellationToken);
        foreach (var summary in all)
        {
            var (state, reason) = ReauthReasons.StandingOf(summary, app);
            states[state] = states.GetValueOrDefault(state) + 1;
            if (state == ConnectionState.ReauthRequired)
            {
                reasons[reason!.Value] = reasons.GetValueOrDefault(reason.Value) + 1;
                dead.Add((summary, summary.Since ?? now));
            }
            else if (state == ConnectionState.Active && summary.EndsAt < now + Soon)
            {
                expiring.Add((summary, summary.EndsAt.Value));
            }
        }

        var ended = await refreshes;
        return new OverviewView(
            all.Count,
            Enum.GetValues<ConnectionState>().ToDictionary(ConnectionStates.Name, state => states.GetValueOrDefault(state)),
            reasons.ToDictionary(count => GrantRecord.Name(count.Key), count => count.Value),
            await ShowAsync(dead.OrderByDescending(one => one.Since).Select(one => one.Summary)),
            expiring.Count,
            await ShowAsync(expiring.OrderBy(one => one.Until).Select(one => one.Summary)),
            new RefreshCounts(
                ended.Where(count => Successes.Contains(count.Key)).Sum(count => count.Value),
                ended.Where(count => !Successes.Contains(count.Key)).OrderByDescending(count => count.Value).ToDictionary()),
            new QuotaView(quota.Limit, quota.Remaining, quota.ResetsAt, quota.Counted is { } counted && counted.Until > now ? counted : null),
            audit.Checks, await evidence, setup.Missing, setup.CallbackUrl, replica.Value, GatewayMetrics.Version);
    }

    private async Task<IReadOnlyList<ConnectionView>> ShowAsync(IEnumerable<ConnectionSummary> summaries) =>
        (await views.PageAsync([.. summaries.Take(MostShown).Select(summary => ConnectionId.Parse(summary.Id, null))], 0, null)).Items;
}

/// <summary>How everything stands.</summary>
/// <param name="Connections">How many connections there are.</param>
/// <param name="States">How many are in which state.</param>
/// <param name="Reasons">Why how many need a person.</param>
/// <param name="NeedPerson">Those whose grant is dead, the newest first, 20 at most.</param>
/// <param name="ExpiringCount">How many end within 30 days unless somebody does something.</param>
/// <param name="Expiring">Those that end first, 20 at most.</param>
/// <param name="LastHour">The refreshes of the last hour, on all replicas.</param>
/// <param name="Quota">The app's hourly quota at Atlassian, as the replica that answers knows it.</param>
/// <param name="Checks">What the self-audit of the replica that answers found.</param>
/// <param name="AppRefused">What the token endpoint said when it refused the app; null while it does not.</param>
/// <param name="Missing">The settings that are missing.</param>
/// <param name="CallbackUrl">The callback URL to register with the app.</param>
/// <param name="Replica">The replica that answers.</param>
/// <param name="Version">Its version.</param>
public sealed record OverviewView(
    int Connections, IReadOnlyDictionary<string, int> States, IReadOnlyDictionary<string, int> Reasons, IReadOnlyList<ConnectionView> NeedPerson,
    int ExpiringCount, IReadOnlyList<ConnectionView> Expiring, RefreshCounts LastHour, QuotaView Quota, IReadOnlyList<SelfCheck> Checks, string? AppRefused,
    IReadOnlyList<string> Missing, string CallbackUrl, string Replica, string Version);

/// <summary>How refreshes ended.</summary>
/// <param name="Succeeded">With a token that serves.</param>
/// <param name="Failed">Without one, by how.</param>
public sealed record RefreshCounts(long Succeeded, IReadOnlyDictionary<string, long> Failed);

/// <summary>The app's hourly quota.</summary>
/// <param name="Limit">The points of an hour; null until Atlassian told.</param>
/// <param name="Remaining">What is left; Atlassian tells it only when most is used.</param>
/// <param name="ResetsAt">When it begins anew; null when that is not known.</param>
/// <param name="Counted">What the gateway counted itself; null while it counts nothing.</param>
public sealed record QuotaView(long? Limit, long? Remaining, DateTimeOffset? ResetsAt, QuotaCount? Counted);
