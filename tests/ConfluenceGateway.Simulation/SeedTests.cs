using System.Diagnostics;
using ConfluenceGateway.Simulation.Model;
using ConfluenceGateway.Simulation.Proof;

namespace ConfluenceGateway.Simulation;

/// <summary>No schedule loses a grant.</summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    private const int Seeds = 20_000;

    [Fact]
    public void No_seed_ends_in_a_violation()
    {
        var campaign = new Campaign(from: 0, Seeds, Environment.ProcessorCount);
        var clock = Stopwatch.StartNew();

        campaign.Run(enough: 1);

        output.WriteLine(campaign.Summary(clock.Elapsed));
        if (campaign.Failures.TryPeek(out var failure))
        {
            Assert.Fail($"""
                Seed {failure.Seed}: {failure.Violation}
                Replay it: dotnet run --project tests/ConfluenceGateway.Simulation -- replay {failure.Seed}
                {string.Join(Environment.NewLine, World.Run(failure.Seed, traces: true).Trace.TakeLast(200))}
                """);
        }

        Assert.Equal(Seeds, campaign.Done);
    }

    [Fact]
    public void A_seed_always_runs_the_same_way()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var (first, traced) = (World.Run(seed), World.Run(seed, traces: true));

            Assert.Equal((first.Digest, first.Steps, first.Exchanges, first.Violation), (traced.Digest, traced.Steps, traced.Exchanges, traced.Violation));
        }
    }

    [Fact]
    public void Another_seed_runs_another_way() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(seed => World.Run(seed).Digest).Distinct().Count());
}
