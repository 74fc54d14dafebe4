using System.Net;
using System.Net.Http.Json;
using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>A person's way through a consent, and every way it can end.</summary>
public sealed class ConnectTests(Stores stores)
{
    [Theory]
    [InlineData("/connect/callback?code=x&state=forged")]
    [InlineData("/connect/callback?code=x")]
    [InlineData("/connect/callback")]
    public async Task A_forged_state_is_refused(string callback)
    {
        await using var world = await WithConnectionAsync();
        using var browser = new Browser();

        var page = await browser.OpenAsync(new Uri(world.Gateway.App.BaseAddress!, callback));

        Assert.Equal((HttpStatusCode.BadRequest, "This consent cannot be finished"), (page.Status, page.Heading));
    }

    [Fact]
    public async Task A_used_state_is_refused_and_changes_nothing()
    {
        await using var world = await WithConnectionAsync();
        using var browser = new Browser();
        await browser.OpenAsync(await world.Gateway.ConnectLinkAsync("demo"));
        var callback = browser.Visited.Single(url => url.AbsolutePath == "/connect/callback");

        var page = await browser.OpenAsync(callback);

        Assert.Equal((HttpStatusCode.BadRequest, "This consent cannot be finished"), (page.Status, page.Heading));
        Assert.Equal(1, (await world.Gateway.ShowAsync("demo")).GetProperty("generation").GetInt64());
    }

    [Fact]
    public async Task A_consent_begun_in_another_browser_is_refused()
    {
        await using var world = await WithConnectionAsync();
        using var victim = new Browser();
        using var attacker = new Browser();
        var callback = await attacker.OpenUntilAsync(await world.Gateway.ConnectLinkAsync("demo"), "/connect/callback");

        var page = await victim.OpenAsync(callback);

        Assert.Equal((HttpStatusCode.BadRequest, "This consent was begun in another browser"), (page.Status, page.Heading));
        Assert.Equal("pending", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("access_denied", "You declined")]
    [InlineData("server_error", "Atlassian refused")]
    public async Task A_consent_that_Atlassian_did_not_give_has_a_page_and_a_way_to_try_again(string error, string heading)
    {
        await using var world = await WithConnectionAsync();
        using var browser = new Browser();
        var callback = await browser.OpenUntilAsync(await world.Gateway.ConnectLinkAsync("demo"), "/connect/callback");
        var state = System.Web.HttpUtility.ParseQueryString(callback.Query)["state"];

        var page = await browser.OpenAsync(new Uri(callback, $"?error={error}&error_description=no&state={state}"));

        Assert.Equal((HttpStatusCode.BadRequest, heading), (page.Status, page.Heading));
        Assert.Contains("/connect/demo?ticket=", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_learns_that_the_account_reaches_no_site()
    {
        await using var world = await WithConnectionAsync();
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsentAccount = "guest" });

        Assert.Equal("Your account reaches no Confluence site", (await ConsentAsync(world)).Heading);
    }

    [Fact]
    public async Task A_consent_for_another_site_lists_what_it_reaches()
    {
        await using var world = await WithConnectionAsync(siteUrl: "https://globex.atlassian.net");
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsentAccount = "bob" });

        var page = await ConsentAsync(world);

        Assert.Equal("This consent is for another site", page.Heading);
        Assert.Contains("https://acme.atlassian.net", page.Html, StringComparison.Ordinal);
        Assert.Equal("pending", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
    }

    [Theory, EveryStore]
    public async Task With_several_sites_the_person_chooses_and_nobody_else(StoreKind store)
    {
        await using var world = await WithConnectionAsync(siteUrl: null, store);
        using var browser = new Browser();
        using var stranger = new Browser();
        var choose = await browser.OpenAsync(await world.Gateway.ConnectLinkAsync("demo"));
        Assert.Equal("Which site?", choose.Heading);
        var form = new Dictionary<string, string> { ["choice"] = choose.Hidden("choice"), ["cloudId"] = World.GlobexCloudId };
        var action = new Uri(world.Gateway.App.BaseAddress!, "/connect/choose");

        Assert.Equal("This consent was begun in another browser", (await stranger.SubmitAsync(action, form)).Heading);
        Assert.Equal("This consent cannot be finished", (await browser.SubmitAsync(action, new(form) { ["choice"] = "forged" })).Heading);
        Assert.Equal("Which site?", (await browser.SubmitAsync(action, new(form) { ["cloudId"] = Guid.NewGuid().ToString() })).Heading);
        Assert.Equal("Connected", (await browser.SubmitAsync(action, form)).Heading);
        Assert.Equal("This consent cannot be finished", (await browser.SubmitAsync(action, form)).Heading);

        Assert.Equal(World.GlobexCloudId, (await world.Gateway.ShowAsync("demo")).GetProperty("cloudId").GetString());
    }

    [Fact]
    public async Task Another_account_is_refused_on_an_apps_link_and_taken_on_an_operators()
    {
        await using var world = await WithConnectionAsync();
        await world.Gateway.ConnectAsync("demo");
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        await world.AdvanceAsync(TimeSpan.FromHours(2));
        using var dead = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages");
        var link = (await dead.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required")).GetProperty("reconnectUrl").GetString()!;
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsentAccount = "bob" });

        using var browser = new Browser();
        Assert.Equal("This is another account", (await browser.OpenAsync(new Uri(link))).Heading);
        Assert.Equal("reauth_required", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
        Assert.Equal("Connected", (await ConsentAsync(world)).Heading);
    }

    [Fact]
    public async Task A_link_expires_and_is_good_for_its_connection_only()
    {
        await using var world = await WithConnectionAsync();
        await world.Gateway.CreateAsync("other");
        var link = await world.Gateway.ConnectLinkAsync("demo");
        using var browser = new Browser();

        Assert.Equal("This link does not work", (await browser.OpenAsync(new Uri(link.AbsoluteUri.Replace("/demo?", "/other?", StringComparison.Ordinal)))).Heading);
        Assert.Equal("This link does not work", (await browser.OpenAsync(new Uri(link.AbsoluteUri[..^4] + "AAAA"))).Heading);
        world.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal("This link does not work", (await browser.OpenAsync(link)).Heading);
    }

    [Fact]
    public async Task A_deleted_connection_cannot_be_connected()
    {
        await using var world = await WithConnectionAsync();
        var link = await world.Gateway.ConnectLinkAsync("demo");
        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        using var browser = new Browser();

        await Eventually.TrueAsync(async () => (await browser.OpenAsync(link)).Heading == "There is no such connection", "the deletion is heard of");
    }

    [Fact]
    public async Task Faults_of_the_token_endpoint_have_pages_and_change_nothing()
    {
        await using var world = await WithConnectionAsync();
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 503, Times = 1 });
        Assert.Equal("Atlassian did not answer", (await ConsentAsync(world)).Heading);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.AccessibleResources) { Code = 503, Times = 1 });
        Assert.Equal("The gateway cannot do this just now", (await ConsentAsync(world)).Heading);
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = "another-secret" });
        Assert.Equal("Atlassian refuses the gateway's app", (await ConsentAsync(world)).Heading);

        Assert.Equal("pending", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_page_is_closed_to_scripts_caches_and_referrers_and_encodes_names()
    {
        await using var world = await WithConnectionAsync(siteUrl: null);
        using var named = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { displayName = "<script>alert(1)</script>" });

        var page = await ConsentAsync(world);

        Assert.Equal("Which site?", page.Heading);
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(page.Headers.CacheControl?.NoStore);
    }

    private async Task<World> WithConnectionAsync(string? siteUrl = "https://acme.atlassian.net", StoreKind store = StoreKind.Embedded)
    {
        var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo", siteUrl);
        return world;
    }

    private static async Task<PageSeen> ConsentAsync(World world)
    {
        using var browser = new Browser();
        return await browser.OpenAsync(await world.Gateway.ConnectLinkAsync("demo"));
    }
}
