using AtlassianSimulator.Faults;
using ConfluenceGateway.Chaos.Replicas;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Chaos.Faults;

/// <summary>Does harm to a cluster, and notes it.</summary>
internal sealed class FaultInjector(Cluster cluster, FaultLog log, Random random)
{
    /// <summary>A paused replica's refresh lock has ended by then, and another replica may hold it.</summary>
    public static readonly TimeSpan BeyondLockLife = TimeSpan.FromSeconds(18);

    // A dead or paused replica leaves its refresh lock behind for 17 seconds. Whoever waits for it has no token meanwhile.
    private static readonly TimeSpan LockReach = TimeSpan.FromSeconds(25);

    // The client looks for a lost store every few seconds, and a connection rests a little after a failed try.
    private static readonly TimeSpan StoreReach = TimeSpan.FromSeconds(15);

    /// <summary>A replica dies and is started again. Every other time it has just begun to refresh, so that the death falls into an exchange or a commit.</summary>
    public Task KillReplicaAsync()
    {
        var (replica, connection) = (AnyReplica(), cluster.Connections[random.Next(cluster.Connections.Count)]);
        var inRefresh = random.Next(2) == 0;
        return log.DuringAsync(inRefresh ? "replica killed in a refresh" : "replica killed", LockReach, replica, async () =>
        {
            var refresh = inRefresh ? AbandonedAsync(() => replica.RefreshAsync(connection.ConnectionId)) : Task.CompletedTask;
            await PauseAsync(random.Between(0, inRefresh ? 0.7 : 0));
            await replica.KillAsync();
            await refresh;
            await PauseAsync(random.Between(0, 1));
            await replica.StartAsync();
        });
    }

    /// <summary>A replica stands still, and goes on once <paramref name="until"/> has come.</summary>
    public Task PauseReplicaAsync(Replica replica, Func<Task> until) => log.DuringAsync("replica paused", LockReach, replica, async () =>
    {
        await replica.PauseAsync();
        try
        {
            await until();
        }
        finally
        {
            await replica.ResumeAsync();
            // What has waited in its sockets is answered first.
            await PauseAsync(TimeSpan.FromSeconds(1));
        }
    });

    /// <summary>The store dies and comes back with what it had at its last snapshot, or with every write, as it was set up.</summary>
    public Task RestartStoreAsync(string name) => log.DuringAsync(name, StoreReach, replica: null, async () =>
    {
        await cluster.Store.Primary.KillAsync();
        await PauseAsync(random.Between(0, 2));
        await cluster.Store.Primary.RestartAsync();
    });

    /// <summary>The store keeps nothing of what it takes in <paramref name="lost"/> and dies then.</summary>
    public async Task RollBackStoreAsync(TimeSpan lost)
    {
        await cluster.Store.Primary.ExecuteAsync("CONFIG", "SET", "appendonly", "no");
        await PauseAsync(lost);
        await RestartStoreAsync("store restarted without its last writes");
    }

    /// <summary>The primary dies, and its follower, which has heard nothing of it for <paramref name="lag"/>, takes its place. Then the old one comes back and follows.</summary>
    public async Task FailOverAsync(TimeSpan lag)
    {
        if (lag > TimeSpan.Zero)
        {
            await cluster.Store.Follower!.FollowAsync(Ports.Take());
            await PauseAsync(lag);
        }

        await log.DuringAsync(lag > TimeSpan.Zero ? "failover to a follower behind" : "failover", StoreReach, replica: null, cluster.Store.FailOverAsync);
        await PauseAsync(random.Between(1, 3));
        await log.DuringAsync("old primary returned", StoreReach, replica: null, cluster.Store.ReturnAsync);
    }

    /// <summary>Every connection to the store is cut, of one type.</summary>
    public Task CutConnectionsAsync(string type) => log.DuringAsync($"{type} connections cut", StoreReach, replica: null, () => cluster.Store.Primary.ExecuteAsync("CLIENT", "KILL", "TYPE", type));

    /// <summary>Every exchange is open for a while, on either side of the moment in which the token is spent: there is time to fall into.</summary>
    public async Task StretchExchangesAsync()
    {
        var delay = new Fault(FaultKind.Delay, FaultEndpoint.Token);
        await cluster.Atlassian.AddFaultAsync(delay with { Duration = TimeSpan.FromSeconds(0.2), Phase = FaultPhase.BeforeSpend });
        await cluster.Atlassian.AddFaultAsync(delay with { Duration = TimeSpan.FromSeconds(0.4), Phase = FaultPhase.AfterSpend });
    }

    /// <summary>The next few refreshes meet a token endpoint that is slow, fails, or loses its answer.</summary>
    public Task DisturbTokenEndpointAsync()
    {
        Fault[] faults =
        [
            new(FaultKind.Delay, FaultEndpoint.Token) { Duration = random.Between(0.5, 4), Phase = FaultPhase.BeforeSpend },
            new(FaultKind.Delay, FaultEndpoint.Token) { Duration = random.Between(0.5, 4), Phase = FaultPhase.AfterSpend },
            new(FaultKind.DropBeforeSpend, FaultEndpoint.Token),
            new(FaultKind.DropAfterSpend, FaultEndpoint.Token),
            new(FaultKind.TruncatedBody, FaultEndpoint.Token),
            new(FaultKind.Status, FaultEndpoint.Token) { Code = 503 },
        ];
        var fault = faults[random.Next(faults.Length)] with { Times = random.Next(1, 4) };
        return log.DuringAsync("token endpoint disturbed", LockReach, replica: null, async () =>
        {
            var id = await cluster.Atlassian.AddFaultAsync(fault);
            await PauseAsync(random.Between(5, 10));
            if ((await cluster.Atlassian.GetFaultsAsync()).Any(active => active.Id == id))
            {
                await cluster.Atlassian.RemoveFaultAsync(id);
            }
        });
    }

    /// <summary>Nothing is done for a while.</summary>
    public static Task PauseAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    /// <summary>Asks for something whose answer may never come, and matters to nobody.</summary>
    public static async Task AbandonedAsync(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask();
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // As is to be expected of a replica that dies or stands still.
        }
    }

    /// <summary>One of the replicas.</summary>
    public Replica AnyReplica() => cluster.Replicas[random.Next(cluster.Replicas.Count)];
}
