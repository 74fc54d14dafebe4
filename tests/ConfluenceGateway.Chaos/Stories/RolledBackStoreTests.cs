using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>The store dies and has forgotten its last writes.</summary>
public sealed class RolledBackStoreTests
{
    // A spent token is refused long before the store is back: only the replicas hold what lives.
    private static readonly TimeSpan ReuseInterval = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_store_restarted_without_its_last_writes_gets_them_back_from_the_replicas()
    {
        await using var story = await Story.BeginAsync(new ClusterSettings { Persistence = Persistence.Snapshots, ReuseInterval = ReuseInterval });

        for (var restart = 0; restart < 2; restart++)
        {
            await story.Cluster.Store.Primary.SaveAsync();
            // Each connection rotates once at least, and what it spent is refused by the end.
            await story.QuietAsync(13, 15);
            await story.Inject.RestartStoreAsync("store restarted without its last writes");
        }

        await story.EndWellAsync("store rolled back");
    }
}
