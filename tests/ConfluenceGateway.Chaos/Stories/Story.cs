using ConfluenceGateway.Chaos.Accounts;
using ConfluenceGateway.Chaos.Faults;
using ConfluenceGateway.Chaos.Load;
using ConfluenceGateway.Chaos.Replicas;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>A cluster under traffic, to which something is about to happen, and the account of it at the end.</summary>
internal sealed class Story : IAsyncDisposable
{
    private readonly int _seed;

    private Story(Cluster cluster, int seed)
    {
        _seed = seed;
        Cluster = cluster;
        Random = new Random(seed);
        Faults = new FaultLog();
        Inject = new FaultInjector(cluster, Faults, Random);
        Traffic = new Traffic(cluster, Faults, seed);
    }

    public Cluster Cluster { get; }

    public Random Random { get; }

    public FaultLog Faults { get; }

    public FaultInjector Inject { get; }

    public Traffic Traffic { get; }

    public static Task<Story> BeginAsync(ClusterSettings settings)
    {
        RedisProcess.Require();
        return BeginAsync(settings, Seed.Next());
    }

    public static async Task<Story> BeginAsync(ClusterSettings settings, int seed)
    {
        var story = await PrepareAsync(settings, seed);
        story.Traffic.Begin();
        return story;
    }

    /// <summary>A cluster without traffic yet.</summary>
    public static async Task<Story> PrepareAsync(ClusterSettings settings, int seed) => new(await Cluster.StartAsync(settings), seed);

    /// <summary>Traffic alone, for a while.</summary>
    public Task QuietAsync(double fromSeconds, double toSeconds) => FaultInjector.PauseAsync(Random.Between(fromSeconds, toSeconds));

    /// <summary>The faults are over.</summary>
    public Task<FinalAccount> EndAsync(string title) => new Auditor(Cluster, Faults, Traffic).DrawUpAsync($"{title}, CHAOS_SEED={_seed}");

    /// <summary>The faults are over: prints the account, in which nothing may be wrong.</summary>
    public async Task<FinalAccount> EndWellAsync(string title)
    {
        var account = await EndAsync(title);
        if (account.Violations.Count > 0)
        {
            Assert.Fail(account.ToString());
        }

        TestContext.Current.TestOutputHelper?.WriteLine(account.ToString());
        return account;
    }

    public async ValueTask DisposeAsync()
    {
        await Traffic.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
