using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>How everything stands, in one answer.</summary>
public sealed class OverviewTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task It_counts_states_and_refreshes_and_names_who_is_needed(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.ConnectAsync("dead");
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        using var refused = await world.Gateway.Operator.PostAsync("/api/v1/connections/dead/refresh", null);
        await world.Gateway.ConnectAsync("alive");
        using var refreshed = await world.Gateways[1].Operator.PostAsync("/api/v1/connections/alive/refresh", null);
        await world.Gateway.CreateAsync("new");

        await Eventually.TrueAsync(
            async () => (await OverviewAsync(world)).GetProperty("lastHour") is var hour
                && hour.GetProperty("succeeded").GetInt32() == 1 && hour.GetProperty("failed").TryGetProperty("reauth_required", out var failed) && failed.GetInt32() == 1,
            "both refreshes are counted, whichever replica did them");
        var overview = await OverviewAsync(world);

        Assert.Equal(3, overview.GetProperty("connections").GetInt32());
        Assert.Equal((1, 1, 1, 0), (State(overview, "active"), State(overview, "reauth_required"), State(overview, "pending"), State(overview, "paused")));
        Assert.Equal(1, overview.GetProperty("reasons").GetProperty("revoked").GetInt32());
        Assert.Equal("dead", Assert.Single(overview.GetProperty("needPerson").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(0, overview.GetProperty("expiringCount").GetInt32());
        Assert.Empty(overview.GetProperty("missing").EnumerateArray());
        Assert.False(overview.TryGetProperty("appRefused", out _));
    }

    [Fact]
    public async Task Grants_that_end_within_a_month_are_named_the_first_to_end_first()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Refresh:KeepAliveAfter=60.00:00:00");
        await world.Gateway.ConnectAsync("first");
        await world.AdvanceAsync(TimeSpan.FromDays(1));
        await world.Gateway.ConnectAsync("second");
        world.Clock.Advance(TimeSpan.FromDays(61));

        var overview = await OverviewAsync(world);

        Assert.Equal(["first", "second"], overview.GetProperty("expiring").EnumerateArray().Select(one => one.GetProperty("id").GetString()).Take(2));
    }

    [Theory]
    [InlineData(World.ClientSecret, "accepted")]
    [InlineData("another-secret", "refused")]
    public async Task The_secret_is_tried_without_spending_anything(string secret, string outcome)
    {
        await using var world = await World.ConnectedAsync(stores);
        var before = (await world.GrantAsync()).Exchanges;
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = secret });

        using var answer = await world.Gateway.Operator.PostAsync("/api/v1/app/check", null);

        Assert.Equal(outcome, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString());
        Assert.Equal(before, (await world.GrantAsync()).Exchanges);
        using var served = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Without_an_app_the_check_says_what_to_set()
    {
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        var gateway = await world.AddGatewayWithAsync([.. world.StoreSettings(), "--Atlassian:ClientId="]);

        using var answer = await gateway.Operator.PostAsync("/api/v1/app/check", null);

        var status = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("missing", status.GetProperty("outcome").GetString());
        Assert.Contains("Atlassian:ClientSecret", status.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gauge_of_connections_says_what_the_overview_says()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Gateway.CreateAsync("new");

        await world.Gateway.Services.GetRequiredService<KeepAlive>().TickAsync(CancellationToken.None);

        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_connections{state=\"active\"}"));
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_connections{state=\"pending\"}"));
        Assert.Equal(0, await world.Gateway.MetricAsync("confluence_gateway_connections{state=\"paused\"}"));
    }

    private static int State(JsonElement overview, string state) => overview.GetProperty("states").GetProperty(state).GetInt32();

    private static Task<JsonElement> OverviewAsync(World world) => world.Gateway.Operator.GetFromJsonAsync<JsonElement>("/api/v1/overview");
}
