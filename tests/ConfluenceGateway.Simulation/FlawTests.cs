using ConfluenceGateway.Simulation.Proof;

namespace ConfluenceGateway.Simulation;

/// <summary>The simulation would notice: each deliberate fault in the protocol ends in a violation.</summary>
public sealed class FlawTests(ITestOutputHelper output)
{
    private const int Most = 20_000;

    public static TheoryData<Flaw> Flaws => [.. Enum.GetValues<Flaw>().Where(flaw => flaw != Flaw.None)];

    [Theory]
    [MemberData(nameof(Flaws))]
    public void A_broken_step_is_noticed(Flaw flaw)
    {
        // One worker, so that the seeds come in order and the count says something.
        var campaign = new Campaign(from: 0, Most, workers: 1, flaw);

        campaign.Run(enough: 1);

        Assert.True(campaign.Failures.TryPeek(out var failure), $"{flaw} was not noticed in {Most} seeds.");
        output.WriteLine($"{flaw}: noticed after {campaign.Done} seeds: {failure.Violation}");
    }
}
