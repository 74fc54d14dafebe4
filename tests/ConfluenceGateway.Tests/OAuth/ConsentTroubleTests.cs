using System.Net;
using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>A person consents, and Atlassian or the settings do not play along.</summary>
public sealed class ConsentTroubleTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";
    private const string NewSecret = "the-secret-that-nobody-told-the-gateway";

    [Fact]
    public async Task A_wrong_client_secret_opens_the_circuit_and_stores_nothing()
    {
        RunLog.AddSecret(NewSecret);
        await using var world = await StartAsync();
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = NewSecret });
        using var browser = new Browser();

        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays(HttpStatusCode.ServiceUnavailable, "Atlassian refuses the gateway's app");
        Assert.Contains("401 access_denied: Unauthorized", page.Html, StringComparison.Ordinal);
        await world.Gateway.AssertNotConnectedAsync("demo");
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_configuration_circuit_open"));
        Assert.Contains("refuses this app", await world.Gateway.Management.GetStringAsync("/health/ready"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consent_with_the_mended_secret_closes_the_circuit()
    {
        RunLog.AddSecret(NewSecret);
        await using var world = await StartAsync();
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = NewSecret });
        using var browser = new Browser();
        await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = World.ClientSecret });

        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays(HttpStatusCode.OK, "Connected");
        Assert.Equal(0, await world.Gateway.MetricAsync("confluence_gateway_configuration_circuit_open"));
    }

    [Theory]
    [InlineData(FaultEndpoint.Token, FaultKind.Status, 502, "Atlassian did not answer")]
    [InlineData(FaultEndpoint.Token, FaultKind.Html, 502, "Atlassian did not answer")]
    [InlineData(FaultEndpoint.Token, FaultKind.DropBeforeSpend, 502, "Atlassian did not answer")]
    [InlineData(FaultEndpoint.Token, FaultKind.TruncatedBody, 502, "Atlassian did not answer")]
    [InlineData(FaultEndpoint.AccessibleResources, FaultKind.Status, 503, "The gateway cannot do this just now")]
    [InlineData(FaultEndpoint.AccessibleResources, FaultKind.Html, 503, "The gateway cannot do this just now")]
    [InlineData(FaultEndpoint.AccessibleResources, FaultKind.DropBeforeSpend, 503, "The gateway cannot do this just now")]
    [InlineData(FaultEndpoint.Confluence, FaultKind.Status, 503, "The gateway cannot do this just now")]
    public async Task When_Atlassian_is_down_during_a_reconnect_the_old_grant_stays_and_serves(FaultEndpoint endpoint, FaultKind kind, int status, string heading)
    {
        await using var world = await StartAsync();
        await world.Gateway.ConnectAsync("demo");
        await world.Atlassian.AddFaultAsync(new Fault(kind, endpoint) { Code = kind == FaultKind.Status ? 503 : null });
        using var browser = new Browser();

        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays((HttpStatusCode)status, heading);
        Assert.Contains("Nothing has changed", page.Html, StringComparison.Ordinal);
        Assert.Equal(1, (await world.Gateway.ShowAsync("demo")).GetProperty("generation").GetInt64());
        await world.Atlassian.ClearFaultsAsync();
        using var answer = await world.Gateway.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Scopes_that_were_not_granted_are_listed()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();

        var page = await browser.ConsentWithAsync(world.Gateway, "demo", "scope", scopes => scopes.Replace(" write:task:confluence", "", StringComparison.Ordinal));

        page.AssertSays(HttpStatusCode.OK, "Connected, with less than was asked for");
        Assert.Equal("write:task:confluence", Assert.Single(page.Html.Split("<li>").Skip(1)).Split("</li>")[0]);
        Assert.Equal("active", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_consent_without_offline_access_is_not_stored()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();

        var page = await browser.ConsentWithAsync(world.Gateway, "demo", "scope", scopes => scopes.Replace("offline_access", "", StringComparison.Ordinal));

        page.AssertSays(HttpStatusCode.BadRequest, "The consent lacks offline_access");
        await world.Gateway.AssertNotConnectedAsync("demo");
    }

    [Fact]
    public async Task A_gateway_without_an_app_sends_nobody_to_Atlassian()
    {
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        var configured = await world.AddGatewayAsync();
        await configured.CreateAsync("demo");
        var link = await configured.ConnectLinkAsync("demo");
        var without = await world.AddGatewayWithAsync([.. world.StoreSettings().Where(setting => !setting.StartsWith("--Atlassian:ClientId", StringComparison.Ordinal))]);
        using var browser = new Browser();

        var page = await browser.OpenAsync(new Uri(without.App.BaseAddress!, link.PathAndQuery));

        page.AssertSays(HttpStatusCode.ServiceUnavailable, "The gateway is not set up yet");
    }

    private async Task<World> StartAsync()
    {
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        return world;
    }
}
