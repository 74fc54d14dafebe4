using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>The store dies and comes back with every write it has answered.</summary>
public sealed class RestartedStoreTests
{
    [Fact]
    public async Task A_store_killed_and_restarted_with_all_its_writes_loses_no_grant()
    {
        await using var story = await Story.BeginAsync(new ClusterSettings());

        for (var restart = 0; restart < 4; restart++)
        {
            await story.QuietAsync(2, 6);
            await story.Inject.RestartStoreAsync("store restarted");
        }

        await story.EndWellAsync("store restarted");
    }
}
