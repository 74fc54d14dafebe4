using System.Net;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>An access token ends, as it does every hour.</summary>
public sealed class ExpiredTokenTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";
    private static readonly TimeSpan PastExpiry = TimeSpan.FromMinutes(61);

    [Theory, EveryStore]
    public async Task Three_replicas_and_600_callers_spend_a_refresh_token_once(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 3);
        await world.Gateway.ConnectAsync("demo");
        foreach (var gateway in world.Gateways)
        {
            using var warm = await gateway.App.GetAsync(Pages);
            Assert.Equal(HttpStatusCode.OK, warm.StatusCode);
        }

        await world.AdvanceAsync(PastExpiry);
        // Long enough for every caller to arrive while the exchange is under way.
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = TimeSpan.FromSeconds(1) });
        var callers = world.Gateways.SelectMany(gateway => Enumerable.Range(0, 200).Select(_ => gateway.App.GetAsync(Pages)));
        var answers = await Task.WhenAll(callers);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var grant = await world.GrantAsync();
        Assert.Equal(1, grant.Exchanges);
        Assert.Equal(1, grant.Attempts);
        foreach (var gateway in world.Gateways)
        {
            // One flight a replica; a caller that just misses it looks once for itself.
            Assert.InRange(await gateway.MetricAsync("confluence_gateway_token_refresh_duration_seconds_count"), 0, 1);
            Assert.InRange(await FlightsAsync(gateway), 1, 5);
        }

        Assert.Equal(600 + 3, (await world.Atlassian.GetRequestsAsync()).Count(request => request.Target.EndsWith("/pages?limit=1", StringComparison.Ordinal) && request.Status == 200));
    }

    private static async Task<double> FlightsAsync(TestGateway gateway) =>
        await gateway.MetricAsync("confluence_gateway_token_refreshes_total{trigger=\"expired\",outcome=\"rotated\"}")
        + await gateway.MetricAsync("confluence_gateway_token_refreshes_total{trigger=\"expired\",outcome=\"adopted\"}");

    [Theory, EveryStore]
    public async Task A_caller_that_hangs_up_during_the_exchange_costs_nothing(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(PastExpiry);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = TimeSpan.FromSeconds(3), Phase = FaultPhase.AfterSpend });

        using var patience = new CancellationTokenSource();
        var call = world.Gateway.App.GetAsync(Pages, patience.Token);
        await Eventually.TrueAsync(async () => (await world.GrantAsync()).InFlight == 1, "the exchange is under way");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await Eventually.TrueAsync(async () => (await world.Gateway.StoredGrantAsync("demo")).Generation == 2, "the new pair is stored");
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }

    [Fact]
    public async Task A_lost_answer_is_made_good_by_the_next_caller()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(PastExpiry);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.DropAfterSpend, FaultEndpoint.Token) { Times = 1 });

        using var first = await world.Gateway.App.GetAsync(Pages);
        await first.ProblemAsync(HttpStatusCode.ServiceUnavailable, "token-unavailable");
        Assert.NotNull(first.Headers.RetryAfter);
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        using var second = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
    }

    [Fact]
    public async Task A_broken_token_endpoint_is_not_hammered_by_traffic()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(PastExpiry);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 429, RetryAfter = 600 });

        for (var call = 0; call < 50; call++)
        {
            using var answer = await world.Gateway.App.GetAsync(Pages);
            await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "token-unavailable");
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 500, 600);
        }

        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_token_refreshes_total{trigger=\"expired\",outcome=\"unsent\"}"));
    }

    [Fact]
    public async Task A_slow_token_endpoint_costs_a_caller_its_budget_and_loses_nothing()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Refresh:WaitBudget=00:00:01");
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(PastExpiry);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = TimeSpan.FromSeconds(3), Phase = FaultPhase.AfterSpend });

        using var answer = await world.Gateway.App.GetAsync(Pages);
        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "token-unavailable");

        await Eventually.TrueAsync(async () => (await world.Gateway.StoredGrantAsync("demo")).Generation == 2, "the new pair is stored");
        using var later = await world.Gateway.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }
}
