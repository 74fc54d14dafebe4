namespace ConfluenceGateway.Chaos.Stories;

/// <summary>A replica dies at every step of the protocol while others live.</summary>
public sealed class CrashBesideOthersTests
{
    [Fact]
    public async Task What_a_replica_leaves_at_any_step_the_others_carry_on_under_traffic()
    {
        await using var story = await CrashStory.BeginAsync(replicas: 3);

        await story.EndWellAsync("crash points, beside others", story.Others);
    }
}
