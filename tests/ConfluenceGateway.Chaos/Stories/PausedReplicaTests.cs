using System.Diagnostics;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Chaos.Faults;
using ConfluenceGateway.Chaos.Replicas;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>A replica stands still and does not know it.</summary>
public sealed class PausedReplicaTests
{
    [Fact]
    public async Task A_replica_paused_in_an_exchange_beyond_its_locks_life_overwrites_nothing_and_no_grant_is_lost()
    {
        // No replica refreshes of its own accord before 13 seconds have passed: what is under way when the one is paused is its own.
        await using var story = await Story.BeginAsync(new ClusterSettings { TokenLifetime = TimeSpan.FromSeconds(20) });
        var (cluster, paused) = (story.Cluster, story.Inject.AnyReplica());
        var caught = cluster.Connections.Take(2).ToArray();
        // One is caught before its token is spent, the other after it.
        FaultPhase[] phases = [FaultPhase.BeforeSpend, FaultPhase.AfterSpend];
        foreach (var (connection, phase) in caught.Zip(phases))
        {
            await cluster.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token)
            {
                GrantId = connection.GrantId,
                Phase = phase,
                Duration = TimeSpan.FromSeconds(1.5),
            });
        }

        var refreshes = caught.Select(connection => FaultInjector.AbandonedAsync(() => paused.RefreshAsync(connection.ConnectionId))).ToArray();
        await Eventually.TrueAsync(async () => (await InFlightAsync(cluster, caught)) == caught.Length, "both exchanges are under way");
        var before = await StoredAsync(cluster, caught);

        var held = Stopwatch.StartNew();
        await story.Inject.PauseReplicaAsync(paused, async () =>
        {
            await cluster.Atlassian.ClearFaultsAsync();
            await Eventually.TrueAsync(
                async () => held.Elapsed > FaultInjector.BeyondLockLife && (await StoredAsync(cluster, caught)).Zip(before).All(pair => pair.First.Generation > pair.Second.Generation),
                "another replica carries on");
        });

        await Task.WhenAll(refreshes);
        await Eventually.TrueAsync(async () => await NewestIsStoredAsync(cluster, caught), "the newest pairs are stored");
        await story.EndWellAsync("replica paused");
    }

    private static async Task<long> InFlightAsync(Cluster cluster, ConnectedGrant[] connections)
    {
        var grants = await Task.WhenAll(connections.Select(connection => cluster.Atlassian.GetGrantAsync(connection.GrantId)));
        return grants.Sum(grant => grant.InFlight);
    }

    private static Task<StoredPair[]> StoredAsync(Cluster cluster, ConnectedGrant[] connections) =>
        Task.WhenAll(connections.Select(connection => cluster.StoredAsync(connection.ConnectionId)));

    private static async Task<bool> NewestIsStoredAsync(Cluster cluster, ConnectedGrant[] connections)
    {
        foreach (var connection in connections)
        {
            if ((await cluster.StoredAsync(connection.ConnectionId)).Fingerprint != (await cluster.Atlassian.GetGrantAsync(connection.GrantId)).CurrentRefreshTokenSha256)
            {
                return false;
            }
        }

        return true;
    }
}
