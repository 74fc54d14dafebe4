using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>Replicas die without warning.</summary>
public sealed class KilledReplicaTests
{
    [Fact]
    public async Task Replicas_killed_at_random_moments_lose_no_grant()
    {
        await using var story = await Story.BeginAsync(new ClusterSettings());
        await story.Inject.StretchExchangesAsync();

        for (var kill = 0; kill < 6; kill++)
        {
            await story.QuietAsync(0.5, 2.5);
            await story.Inject.KillReplicaAsync();
        }

        await story.EndWellAsync("replicas killed");
    }
}
