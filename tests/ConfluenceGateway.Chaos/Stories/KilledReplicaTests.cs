using AtlassianSimulator.Faults;
using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>Replicas die without warning.</summary>
public sealed class KilledReplicaTests
{
    [Fact]
    public async Task Replicas_killed_at_random_moments_lose_no_grant()
    {
        await using var story = await Story.BeginAsync(new ClusterSettings());
        // Every exchange is open for a while, on either side of the moment in which the token is spent.
        await story.Cluster.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = TimeSpan.FromSeconds(0.2), Phase = FaultPhase.BeforeSpend });
        await story.Cluster.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = TimeSpan.FromSeconds(0.4), Phase = FaultPhase.AfterSpend });

        for (var kill = 0; kill < 6; kill++)
        {
            await story.QuietAsync(0.5, 2.5);
            await story.Inject.KillReplicaAsync();
        }

        await story.EndWellAsync("replicas killed");
    }
}
