using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Chaos.Replicas;

/// <summary>What the shared store keeps when it is killed.</summary>
internal enum Persistence
{
    /// <summary>Every write it has answered.</summary>
    EveryWrite,

    /// <summary>What it had at the last snapshot.</summary>
    Snapshots,
}

/// <summary>The Redis that all replicas share, alone or with a follower that can take its place.</summary>
internal sealed class SharedStore : IAsyncDisposable
{
    private readonly List<TemporaryDirectory> _directories = [];
    private readonly List<RedisProcess> _processes = [];

    /// <summary>The one that takes writes.</summary>
    public RedisProcess Primary => _processes[0];

    /// <summary>The one that follows; null when there is none.</summary>
    public RedisProcess? Follower => _processes.ElementAtOrDefault(1);

    /// <summary>Names every node. The client finds the primary, and looks again every second.</summary>
    public string ConnectionString => string.Join(',', _processes.Select(process => process.ConnectionString).Append("configCheckSeconds=1"));

    public static async Task<SharedStore> StartAsync(Persistence persistence, bool follower)
    {
        var store = new SharedStore();
        try
        {
            await store.AddAsync(persistence);
            if (follower)
            {
                await store.AddAsync(persistence);
                await store.Follower!.FollowAsync(store.Primary.Port);
                await store.FollowingAsync();
            }

            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>The primary dies and the follower takes its place. The old primary stays dead.</summary>
    public async Task FailOverAsync()
    {
        await Primary.KillAsync();
        await Follower!.PromoteAsync();
        _processes.Reverse();
    }

    /// <summary>The old primary comes back, following the new one.</summary>
    public async Task ReturnAsync()
    {
        await Follower!.RestartAsync(Primary);
        await FollowingAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _directories.ForEach(directory => directory.Dispose());
    }

    private async Task AddAsync(Persistence persistence)
    {
        _directories.Add(new TemporaryDirectory());
        _processes.Add(await RedisProcess.StartAsync(Ports.Take(), _directories[^1].Path, persistence == Persistence.Snapshots ? ["--appendonly", "no"] : []));
    }

    private Task FollowingAsync() => Eventually.TrueAsync(
        async () => (await Follower!.ExecuteAsync("INFO", "replication")).ToString().Contains("master_link_status:up", StringComparison.Ordinal),
        "the follower has caught up");
}
