using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>The store's primary dies and its follower takes over.</summary>
public sealed class FailOverTests
{
    private static readonly TimeSpan ReuseInterval = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_failover_loses_no_grant_not_even_to_a_follower_that_was_behind()
    {
        await using var story = await Story.BeginAsync(new ClusterSettings { Follower = true, ReuseInterval = ReuseInterval });

        await story.QuietAsync(1, 4);
        await story.Inject.FailOverAsync(lag: TimeSpan.Zero);
        await story.QuietAsync(1, 4);
        await story.Inject.FailOverAsync(story.Random.Between(12, 14));

        await story.EndWellAsync("failover");
    }
}
