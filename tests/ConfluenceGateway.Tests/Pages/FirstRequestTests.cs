using System.Net;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>From the first start to the first request of an app, by what the pages say and nothing else.</summary>
public sealed class FirstRequestTests(Stores stores, ChromiumBrowser chromium)
{
    [Fact]
    public async Task A_gateway_without_an_app_says_what_to_register_where_and_what_to_set()
    {
        InstalledProgram.Require("chromium");
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        var gateway = await world.AddGatewayWithAsync([.. world.StoreSettings().Where(setting => !setting.StartsWith("--Atlassian:ClientId", StringComparison.Ordinal))]);
        await using var newcomer = new Operator(await chromium.OpenAsync(), gateway);

        await newcomer.SignInAsync();

        await newcomer.AssertReadsAsync("Set up the gateway");
        var steps = await newcomer.Page.Locator(".code pre").AllTextContentsAsync();
        Assert.Equal(new Uri(gateway.App.BaseAddress!, "/connect/callback").AbsoluteUri, steps[0]);
        Assert.Superset(new HashSet<string>(["offline_access", "read:page:confluence", "write:confluence-content"]), new HashSet<string>(steps[1].Split(' ')));
        Assert.Equal("Atlassian__ClientId=…\nAtlassian__ClientSecret=…", steps[2]);
        await newcomer.Page.Locator(".count").AssertCountAsync(0);
        newcomer.Window.AssertPolicyKept();
    }

    [Fact]
    public async Task An_operator_makes_a_connection_a_person_consents_and_the_address_on_the_page_serves()
    {
        InstalledProgram.Require("chromium");
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = false });
        await using var admin = new Operator(await chromium.OpenAsync(), world.Gateway);
        await using var person = new Person(await chromium.OpenAsync(), world);

        await admin.SignInAsync();
        await admin.PressAsync("Test the client secret");
        await admin.Notice.AssertSaysAsync("Atlassian knows the client id and secret");
        await admin.FollowAsync("Connections");
        await admin.FollowAsync("New connection");
        await admin.Page.GetByLabel("Id", new PageGetByLabelOptions { Exact = true }).FillAsync("sales");
        await admin.Page.GetByLabel("Name").FillAsync("Sales reports");
        await admin.Page.GetByLabel("Site").FillAsync("https://acme.atlassian.net");
        await admin.PressAsync("Create");
        await admin.AssertReadsAsync("Sales reports");
        await admin.State.AssertSaysAsync("not connected yet");
        await admin.PressAsync("Make a link to connect");
        await admin.Notice.AssertSaysAsync("This link works for 24 hours");
        await admin.StayAsync();

        await person.OpenAsync(new Uri((await admin.Notice.Locator("pre").TextContentAsync())!));
        await person.AssertReadsAsync("Connect Sales reports to Confluence");
        await person.ContinueAsync();
        await person.AcceptAsync();
        await person.AssertReadsAsync("Connected");

        await admin.State.AssertSaysAsync("active");
        await admin.AssertStayedAsync();
        var curl = (await admin.Page.Locator(".code pre", new PageLocatorOptions { HasText = "curl " }).TextContentAsync())!;
        using var answer = await world.Gateway.App.GetAsync(new Uri(curl["curl ".Length..]));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        admin.Window.AssertPolicyKept();
    }
}
