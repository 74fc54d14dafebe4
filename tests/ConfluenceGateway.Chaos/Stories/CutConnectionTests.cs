using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>Connections to the store break, and the store lives.</summary>
public sealed class CutConnectionTests
{
    [Fact]
    public async Task Connections_to_the_store_cut_again_and_again_lose_no_grant()
    {
        await using var story = await Story.BeginAsync(new ClusterSettings());

        for (var cut = 0; cut < 10; cut++)
        {
            await story.QuietAsync(0.5, 3);
            await story.Inject.CutConnectionsAsync(story.Random.Next(2) == 0 ? "normal" : "pubsub");
        }

        await story.EndWellAsync("connections cut");
    }
}
