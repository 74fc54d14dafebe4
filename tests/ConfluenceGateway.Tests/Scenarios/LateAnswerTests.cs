using System.Diagnostics;
using System.Net;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>The token endpoint answers after 75 seconds, later than any caller waits.</summary>
/// <remarks>
/// The scale is 1 to 10: 7.5 seconds stand for 75, and the settings shrink with them. <c>Refresh:ExchangeTimeout</c> is 3 seconds for the
/// 30 by default, <c>Refresh:WaitBudget</c> 4.5 for 45. What is fixed, such as the rest after a failure, stays as it is.
/// </remarks>
public sealed class LateAnswerTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(7.5);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4.5);

    [Fact]
    public async Task An_answer_later_than_the_exchange_may_take_is_given_up_and_the_token_sent_again()
    {
        var exchangeTimeout = TimeSpan.FromSeconds(3);
        await using var world = await ExpiredAsync(exchangeTimeout);

        await AssertUnavailableAsync(world, earliest: exchangeTimeout);
        Assert.NotNull((await world.Gateway.StoredGrantAsync("demo")).Intent!.UnansweredSince);
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        using var later = await world.Gateways[1].App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        // Nobody listens any more when the first answer is ready, and it changes nothing.
        await Eventually.TrueAsync(async () => (await world.GrantAsync()).InFlight == 0, "the late answer is given");
        Assert.Equal(2, (await world.GrantAsync()).Exchanges);
        await AssertServesOnAsync(world);
    }

    [Fact]
    public async Task An_answer_that_comes_in_time_for_the_exchange_and_late_for_its_callers_is_kept()
    {
        // In truth 120 seconds.
        await using var world = await ExpiredAsync(TimeSpan.FromSeconds(12));

        await AssertUnavailableAsync(world, earliest: Budget);
        // Who comes while it is under way waits for the rest of it.
        var answers = await Task.WhenAll(world.Gateways.Select(gateway => gateway.App.GetAsync(Pages)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
        await AssertServesOnAsync(world);
        Assert.Equal(1, (await world.GrantAsync()).Attempts);
    }

    private async Task<World> ExpiredAsync(TimeSpan exchangeTimeout)
    {
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), gateways: 2, $"--Refresh:WaitBudget={Budget:c}", $"--Refresh:ExchangeTimeout={exchangeTimeout:c}");
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token)
        {
            Duration = Late,
            Phase = FaultPhase.AfterSpend,
            Times = 1,
        });
        return world;
    }

    /// <summary>Callers of every replica are told to come again, once they have waited.</summary>
    private static async Task AssertUnavailableAsync(World world, TimeSpan earliest)
    {
        var waited = Stopwatch.StartNew();
        var answers = await Task.WhenAll(world.Gateways.Concat(world.Gateways).Select(gateway => gateway.App.GetAsync(Pages)));

        // A timer may go off a little early by another clock.
        Assert.True(waited.Elapsed >= earliest - TimeSpan.FromMilliseconds(100), $"they waited {waited.Elapsed}");
        foreach (var answer in answers)
        {
            await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "token-unavailable");
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }

    /// <summary>The grant lives, nobody has marked it, and its newest token is stored and rotates once more.</summary>
    private static async Task AssertServesOnAsync(World world)
    {
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
        foreach (var gateway in world.Gateways)
        {
            using var served = await gateway.App.GetAsync(Pages);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        Assert.Equal("active", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
        var stored = await world.Gateway.StoredGrantAsync("demo");
        Assert.Equal((2, null, null), (stored.Generation, stored.Intent, stored.Death));
        Assert.True((await world.GrantAsync()).Alive);
    }
}
