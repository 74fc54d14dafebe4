using System.Net;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>The token endpoint calls the grants of many connections dead at once.</summary>
public sealed class MassRefusalTests(Stores stores)
{
    private const string Circuit = "confluence_gateway_configuration_circuit_open";
    private static readonly string[] Six = ["one", "two", "three", "four", "five", "six"];

    [Theory, EveryStore]
    public async Task Nobody_stays_marked_and_all_serve_without_a_person_when_it_is_over(StoreKind store)
    {
        await using var world = await ConnectedAsync(store, 1);
        await RefuseAllAsync(world);

        foreach (var id in Six)
        {
            using var refused = await GetAsync(world.Gateway, id);
            Assert.True(refused.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable);
        }

        await AssertAllActiveAsync(world);
        Assert.Equal(1, await world.Gateway.MetricAsync(Circuit));
        var readiness = await world.Gateway.Management.GetStringAsync("/health/ready");
        Assert.Contains("5 connections or more were refused within 00:05:00", readiness, StringComparison.Ordinal);
        Assert.Contains("invalid_grant", readiness, StringComparison.Ordinal);
        Assert.Equal(["connection.recovered", "connection.reauth_required", "connection.connected"], await world.Gateway.EventTypesAsync("one"));
        Assert.Equal(["connection.connected"], await world.Gateway.EventTypesAsync("five"));

        await world.Atlassian.ClearFaultsAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        foreach (var id in Six)
        {
            using var served = await GetAsync(world.Gateway, id);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        Assert.Equal(0, await world.Gateway.MetricAsync(Circuit));
    }

    [Theory, EveryStore]
    public async Task Replicas_count_together_and_calls_at_once_leave_no_mark(StoreKind store)
    {
        await using var world = await ConnectedAsync(store, 2);
        await RefuseAllAsync(world);

        var answers = await Task.WhenAll(Six.Select((id, number) => GetAsync(world.Gateways[number % 2], id)));

        Assert.DoesNotContain(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        await AssertAllActiveAsync(world);
        Assert.True(await world.Gateways[0].MetricAsync(Circuit) + await world.Gateways[1].MetricAsync(Circuit) >= 1);
    }

    [Theory, EveryStore]
    public async Task Two_revocations_among_six_are_two_revocations(StoreKind store)
    {
        await using var world = await ConnectedAsync(store, 1);
        await world.Atlassian.RevokeGrantAsync((await world.Atlassian.GetGrantsAsync())[0].Id);
        await world.Atlassian.RevokeGrantAsync((await world.Atlassian.GetGrantsAsync())[1].Id);

        foreach (var id in Six)
        {
            using var answer = await GetAsync(world.Gateway, id);
        }

        Assert.Equal(2, (await StatesAsync(world)).Count(state => state == "reauth_required"));
        Assert.Equal(0, await world.Gateway.MetricAsync(Circuit));
    }

    [Fact]
    public async Task A_success_in_between_shows_that_the_app_is_well()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded, 1);
        var grants = await world.Atlassian.GetGrantsAsync();
        foreach (var grant in grants.Skip(1))
        {
            await world.Atlassian.RevokeGrantAsync(grant.Id);
        }

        string[] order = [.. Six[1..4], Six[0], .. Six[4..]];
        foreach (var id in order)
        {
            using var answer = await GetAsync(world.Gateway, id);
        }

        Assert.Equal(5, (await StatesAsync(world)).Count(state => state == "reauth_required"));
    }

    [Fact]
    public async Task A_refused_probe_keeps_the_circuit_open_long_after_the_window()
    {
        await using var world = await RefusedAsync();

        for (var probe = 0; probe < 3; probe++)
        {
            await world.AdvanceAsync(TimeSpan.FromMinutes(20));
            using var refused = await GetAsync(world.Gateway, "one");
            await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "gateway-misconfigured");
        }

        await AssertAllActiveAsync(world);
    }

    [Fact]
    public async Task An_operators_refresh_marks_this_one_for_good_and_no_other()
    {
        await using var world = await RefusedAsync();

        using var refused = await world.Gateway.Operator.PostAsync("/api/v1/connections/two/refresh", null);
        await refused.ProblemAsync(HttpStatusCode.Conflict, "not-refreshable");
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        using var probe = await GetAsync(world.Gateway, "one");
        await probe.ProblemAsync(HttpStatusCode.ServiceUnavailable, "gateway-misconfigured");

        Assert.Equal(["active", "reauth_required", "active", "active", "active", "active"], await StatesAsync(world));
        Assert.Equal(1, await world.Gateway.MetricAsync(Circuit));
    }

    [Fact]
    public async Task Another_consent_closes_the_circuit_and_single_refusals_mark_again()
    {
        await using var world = await RefusedAsync();
        await world.Atlassian.ClearFaultsAsync();
        foreach (var grant in await world.Atlassian.GetGrantsAsync())
        {
            await world.Atlassian.RevokeGrantAsync(grant.Id);
        }

        await world.Gateway.ConnectAsync("one");
        Assert.Equal(0, await world.Gateway.MetricAsync(Circuit));
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        using var refused = await GetAsync(world.Gateway, "two");

        await refused.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
    }

    [Fact]
    public async Task Turned_off_it_marks_them_all()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded, 1, "--Refresh:MassRefusals=0");
        await RefuseAllAsync(world);

        await Task.WhenAll(Six.Select(id => GetAsync(world.Gateway, id)));

        Assert.All(await StatesAsync(world), state => Assert.Equal("reauth_required", state));
    }

    private async Task<World> RefusedAsync()
    {
        var world = await ConnectedAsync(StoreKind.Embedded, 1);
        await RefuseAllAsync(world);
        await Task.WhenAll(Six.Select(id => GetAsync(world.Gateway, id)));
        Assert.Equal(1, await world.Gateway.MetricAsync(Circuit));
        return world;
    }

    /// <summary>Six connections whose tokens have ended.</summary>
    private async Task<World> ConnectedAsync(StoreKind store, int gateways, params string[] settings)
    {
        var world = await World.StartAsync(stores.ConnectionString(store), gateways, settings);
        foreach (var id in Six)
        {
            await world.Gateway.ConnectAsync(id);
        }

        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        return world;
    }

    private static Task<string> RefuseAllAsync(World world) => world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token)
    {
        Code = 403,
        Body = """{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}""",
    });

    private static Task<HttpResponseMessage> GetAsync(TestGateway gateway, string id) => gateway.App.GetAsync($"/confluence/{id}/wiki/api/v2/pages?limit=1");

    private static async Task<string?[]> StatesAsync(World world) =>
        await Task.WhenAll(Six.Select(async id => (await world.Gateway.ShowAsync(id)).GetProperty("state").GetString()));

    private static async Task AssertAllActiveAsync(World world) => Assert.All(await StatesAsync(world), state => Assert.Equal("active", state));
}
