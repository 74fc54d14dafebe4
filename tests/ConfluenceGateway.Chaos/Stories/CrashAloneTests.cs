namespace ConfluenceGateway.Chaos.Stories;

/// <summary>The only replica dies at every step of the protocol.</summary>
public sealed class CrashAloneTests
{
    [Fact]
    public async Task What_the_only_replica_leaves_at_any_step_the_next_process_carries_on()
    {
        await using var story = await CrashStory.BeginAsync(replicas: 1);

        await story.EndWellAsync("crash points, alone", story.Itself);
    }
}
