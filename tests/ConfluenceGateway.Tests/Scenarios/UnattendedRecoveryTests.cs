using AtlassianSimulator.Faults;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>An exchange was interrupted, and nobody requests anything.</summary>
public sealed class UnattendedRecoveryTests(Stores stores)
{
    private const string Recovered = "confluence_gateway_intent_recoveries_total{outcome=\"recovered\"}";
    private static readonly TimeSpan PastTheDeadline = TimeSpan.FromSeconds(50);

    [Theory, EveryStore]
    public async Task An_exchange_whose_sender_is_gone_is_recovered_after_its_deadline(StoreKind store)
    {
        await using var world = await StartAsync(store);
        await BeginAsync(world, "gone");

        await world.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, (await world.GrantAsync()).Attempts);
        await world.PassAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(2, (await world.Gateway.StoredGrantAsync("demo")).Generation);
        Assert.Equal(1, (await world.GrantAsync()).Attempts);
        Assert.Equal(1, await world.RefreshesAsync("recovery", "rotated"));
        Assert.Equal(1, await world.Gateways[0].MetricAsync(Recovered) + await world.Gateways[1].MetricAsync(Recovered));
    }

    [Theory, EveryStore]
    public async Task An_answer_that_was_lost_is_fetched_again_in_time(StoreKind store)
    {
        await using var world = await StartAsync(store);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.DropAfterSpend, FaultEndpoint.Token) { Times = 3 });
        using var refused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        Assert.False(refused.IsSuccessStatusCode);

        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(6); passed += PastTheDeadline)
        {
            await world.PassAsync(PastTheDeadline);
        }

        Assert.Equal(2, (await world.Gateway.StoredGrantAsync("demo")).Generation);
        Assert.Equal(1, await world.RefreshesAsync("recovery", "rotated"));
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
    }

    [Theory, EveryStore]
    public async Task After_a_failure_the_next_try_comes_when_the_rest_ends(StoreKind store)
    {
        await using var world = await StartAsync(store);
        await BeginAsync(world, "gone");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 503, Times = 1 });

        await world.PassAsync(PastTheDeadline);
        Assert.Equal(1, (await world.Gateway.StoredGrantAsync("demo")).Generation);
        await world.PassAsync(TimeSpan.FromSeconds(6));

        Assert.Equal(2, (await world.Gateway.StoredGrantAsync("demo")).Generation);
    }

    [Theory, EveryStore]
    public async Task A_rest_that_all_keep_is_kept_here_too(StoreKind store)
    {
        await using var world = await StartAsync(store);
        var intent = await BeginAsync(world, "resting");
        var until = world.Clock.GetUtcNow().AddMinutes(2);
        await world.Gateway.Services.GetRequiredService<GrantStore>().EndAsync(
            ConnectionId.Parse("demo", null), (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken,
            intent with { Deadline = world.Clock.GetUtcNow(), UnansweredSince = intent.StartedAt }, new Rest(1, until));

        await world.PassAsync(PastTheDeadline);
        Assert.Equal(0, (await world.GrantAsync()).Attempts);
        Assert.Equal(until, (await world.Gateway.DueAsync("demo"))!.Value, TimeSpan.FromMilliseconds(1));
        await world.PassAsync(TimeSpan.FromSeconds(75));

        Assert.Equal(2, (await world.Gateway.StoredGrantAsync("demo")).Generation);
    }

    private async Task<World> StartAsync(StoreKind store)
    {
        var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.ConnectAsync("demo");
        await world.PassAsync(TimeSpan.FromMinutes(2));
        return world;
    }

    private static async Task<Intent> BeginAsync(World world, string replica)
    {
        var now = world.Clock.GetUtcNow();
        var intent = new Intent(1, replica, now, now.AddSeconds(45), UnansweredSince: null);
        Assert.True(await world.Gateway.Services.GetRequiredService<GrantStore>().BeginAsync(
            ConnectionId.Parse("demo", null), await world.Gateway.StoredGrantAsync("demo"), intent));
        return intent;
    }
}
