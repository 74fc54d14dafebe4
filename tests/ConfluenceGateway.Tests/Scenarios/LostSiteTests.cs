using System.Net;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>A grant lives on, and no longer covers the site of its connection.</summary>
public sealed class LostSiteTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";
    private const string StillCovered = "its grant covers the site";

    [Theory, EveryStore]
    public async Task A_403_that_denies_the_product_passes_and_the_next_call_is_told_why(StoreKind store)
    {
        await using var world = await ConnectedAsync(store, 2);
        await world.Atlassian.RemoveSiteAsync((await world.GrantAsync()).Id, World.AcmeCloudId);

        using var denied = await world.Gateway.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        Assert.Contains("not permitted to use", await denied.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        foreach (var gateway in world.Gateways)
        {
            await Eventually.TrueAsync(async () => (await gateway.App.GetAsync(Pages)).StatusCode == HttpStatusCode.Unauthorized, "it is marked");
        }

        using var refused = await world.Gateway.App.GetAsync(Pages);
        var problem = await refused.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
        Assert.Equal("site_lost", problem.GetProperty("reason").GetString());
        Assert.Equal("the grant no longer covers https://acme.atlassian.net, but globex", problem.GetProperty("evidence").GetString());
        Assert.Equal("site_lost", (await world.Gateway.ShowAsync("demo")).GetProperty("reason").GetString());
        Assert.Equal(0, (await world.GrantAsync()).Exchanges);
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_reauth_required_total{reason=\"site_lost\"}"));
    }

    [Theory, EveryStore]
    public async Task A_second_401_right_after_a_refresh_has_the_site_checked(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);
        await world.Atlassian.RemoveSiteAsync((await world.GrantAsync()).Id, World.AcmeCloudId);
        await RejectAsync(world, times: 2);

        using var rejected = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.Unauthorized, rejected.StatusCode);
        await Eventually.TrueAsync(async () => (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString() == "reauth_required", "it is marked");
        Assert.Equal("site_lost", (await world.Gateway.ShowAsync("demo")).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_site_that_is_still_there_is_asked_for_once_for_each_pair()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);
        await RejectAsync(world, times: null);

        for (var call = 0; call < 5; call++)
        {
            using var rejected = await world.Gateway.App.GetAsync(Pages);
            Assert.Equal(HttpStatusCode.Unauthorized, rejected.StatusCode);
        }

        await Eventually.TrueAsync(() => Told(world, StillCovered) == 1, "the site was checked");
        Assert.Equal("active", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
        await world.AdvanceAsync(TimeSpan.FromMinutes(6));
        using var later = await world.Gateway.App.GetAsync(Pages);
        await Eventually.TrueAsync(() => Told(world, StillCovered) == 2, "the next pair is checked, too");
    }

    [Fact]
    public async Task A_list_of_sites_that_cannot_be_had_changes_nothing()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);
        await world.Atlassian.RemoveSiteAsync((await world.GrantAsync()).Id, World.AcmeCloudId);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.AccessibleResources) { Code = 503 });

        using var denied = await world.Gateway.App.GetAsync(Pages);

        await Eventually.TrueAsync(() => Told(world, "cannot be told") == 1, "the check failed");
        Assert.Equal("active", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_403_about_the_content_has_nothing_checked()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 403, Times = 1 });
        await RejectAsync(world, times: 2);

        using var forbidden = await world.Gateway.App.GetAsync(Pages);
        using var rejected = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        await Eventually.TrueAsync(() => Told(world, StillCovered) > 0, "the second call had it checked");
        Assert.Equal(1, Told(world, StillCovered));
    }

    private async Task<World> ConnectedAsync(StoreKind store, int gateways = 1)
    {
        var world = await World.StartAsync(stores.ConnectionString(store), gateways);
        await world.Gateway.ConnectAsync("demo");
        return world;
    }

    private static Task<string> RejectAsync(World world, int? times) => world.Atlassian.AddFaultAsync(
        new Fault(FaultKind.FalseUnauthorized, FaultEndpoint.Confluence)
        {
            Times = times,
        });

    private static int Told(World world, string what) => world.Gateway.Log.Lines.Count(line => line.Contains(what, StringComparison.Ordinal));
}
