using System.Net;
using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Tokens;

/// <summary>Which token a request goes with, and when a new one is fetched for it.</summary>
public sealed class TokenSourceTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Theory, EveryStore]
    public async Task A_token_that_ends_soon_is_served_and_refreshed_behind_the_caller(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);
        await world.AdvanceAsync(TimeSpan.FromMinutes(56));
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = TimeSpan.FromSeconds(3) });

        await AssertAsync(HttpStatusCode.OK, world.Gateway);

        Assert.Equal(1, (await world.Gateway.StoredGrantAsync("demo")).Generation);
        await Eventually.TrueAsync(async () => (await world.Gateway.StoredGrantAsync("demo")).Generation == 2, "the new pair is stored");
    }

    [Fact]
    public async Task A_token_that_never_lives_longer_than_the_skew_is_served_for_half_its_life()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AccessTokenLifetime = TimeSpan.FromMinutes(1) });
        await world.Gateway.ConnectAsync("demo");

        await AssertAsync(HttpStatusCode.OK, world.Gateway);

        Assert.Equal(0, (await world.GrantAsync()).Attempts);
    }

    [Fact]
    public async Task A_token_with_a_little_life_is_served_while_the_token_endpoint_is_down()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);
        await world.AdvanceAsync(TimeSpan.FromMinutes(59.5));
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 503 });

        await AssertAsync(HttpStatusCode.OK, world.Gateway);

        Assert.Equal(1, (await world.Gateway.StoredGrantAsync("demo")).Generation);
    }

    [Theory, EveryStore]
    public async Task A_grant_of_another_app_is_not_touched_and_serves_again_when_its_client_id_is_back(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        var stranger = await world.RestartAsync(0, "--Atlassian:ClientId=another-app");

        using var refused = await stranger.App.GetAsync(Pages);
        var problem = await refused.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
        Assert.Equal("wrong_app", problem.GetProperty("reason").GetString());
        Assert.Null((await stranger.StoredGrantAsync("demo")).Death);
        Assert.Equal(0, (await world.GrantAsync()).Attempts);

        await AssertAsync(HttpStatusCode.OK, await world.RestartAsync(0));
    }

    [Theory, EveryStore]
    public async Task A_token_fetched_after_a_rejection_and_rejected_too_is_not_refreshed_by_any_replica_for_five_minutes(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.ConnectAsync("demo");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.FalseUnauthorized, FaultEndpoint.Confluence));

        await AssertAsync(HttpStatusCode.Unauthorized, world.Gateways[0]);
        await AssertAsync(HttpStatusCode.Unauthorized, world.Gateways[1]);
        await world.AdvanceAsync(TimeSpan.FromMinutes(4));
        await AssertAsync(HttpStatusCode.Unauthorized, world.Gateways[1]);
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);

        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        await AssertAsync(HttpStatusCode.Unauthorized, world.Gateways[1]);
        Assert.Equal(2, (await world.GrantAsync()).Exchanges);
    }

    private static async Task AssertAsync(HttpStatusCode expected, TestGateway gateway)
    {
        using var answer = await gateway.App.GetAsync(Pages);
        Assert.True(expected == answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<World> ConnectedAsync(StoreKind store)
    {
        var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        return world;
    }
}
