using System.Net;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>The whole way of a person in a real browser: link, page, Atlassian, and what comes of it.</summary>
public sealed class ConsentInBrowserTests(Stores stores, ChromiumBrowser chromium)
{
    [Fact]
    public async Task A_person_reads_what_a_link_is_for_goes_on_consents_and_the_app_is_served()
    {
        await using var world = await StartAsync();
        await using var person = await PersonAsync(world);

        await person.OpenLinkAsync();
        await person.AssertReadsAsync("Connect demo to Confluence");
        await person.ContinueAsync();
        await person.AcceptAsync();

        await person.AssertReadsAsync("Connected");
        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        person.Window.AssertPolicyKept();
    }

    [Fact]
    public async Task Who_declines_may_try_again()
    {
        await using var world = await StartAsync();
        await using var person = await PersonAsync(world);
        await person.OpenLinkAsync();
        await person.ContinueAsync();

        await person.PressAsync("Decline");
        await person.AssertReadsAsync("You declined");
        await person.FollowAsync("Try again");
        await person.ContinueAsync();
        await person.AcceptAsync();

        await person.AssertReadsAsync("Connected");
        person.Window.AssertPolicyKept();
    }

    [Fact]
    public async Task Who_chose_the_wrong_site_chooses_again()
    {
        await using var world = await StartAsync("https://globex.atlassian.net");
        await using var person = await PersonAsync(world);
        await person.OpenLinkAsync();
        await person.ContinueAsync();

        await person.AcceptAsync(acme: true);
        await person.AssertReadsAsync("This consent is for another site");
        await person.FollowAsync("Try again");
        await person.ContinueAsync();
        await person.AcceptAsync(acme: false, globex: true);

        await person.AssertReadsAsync("Connected");
        person.Window.AssertPolicyKept();
    }

    [Fact]
    public async Task Of_several_sites_a_person_chooses_one()
    {
        await using var world = await StartAsync(siteUrl: null);
        await using var person = await PersonAsync(world);
        await person.OpenLinkAsync();
        await person.ContinueAsync();
        await person.AcceptAsync(acme: true, globex: true);

        await person.AssertReadsAsync("Which site?");
        await person.PressAsync("Connect this site");
        await person.AssertReadsAsync("Which site?"); // The browser itself asks for a choice first.
        await person.Page.GetByLabel("globex").CheckAsync();
        await person.PressAsync("Connect this site");

        await person.AssertReadsAsync("Connected");
        Assert.Equal("https://globex.atlassian.net", (await world.Gateway.ShowAsync("demo")).GetProperty("siteUrl").GetString());
        person.Window.AssertPolicyKept();
    }

    [Fact]
    public async Task The_keyboard_is_enough()
    {
        await using var world = await StartAsync(siteUrl: null);
        await using var person = await PersonAsync(world);
        await person.OpenLinkAsync();

        var go = person.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Continue to Atlassian" });
        await person.TabToAsync(person.Page.Locator("summary"));
        await person.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(person.Page.GetByText("offline_access")).ToBeVisibleAsync();
        await person.TabToAsync(go);
        Assert.Equal("solid", await go.EvaluateAsync<string>("button => getComputedStyle(button).outlineStyle"));
        await person.Page.Keyboard.PressAsync("Enter");
        await person.AssertAtAtlassianAsync();
        await person.TabToAsync(person.Page.GetByLabel("globex.atlassian.net"));
        await person.Page.Keyboard.PressAsync("Space");
        await person.TabToAsync(person.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Accept" }));
        await person.Page.Keyboard.PressAsync("Enter");
        await person.AssertReadsAsync("Which site?");
        await person.TabToAsync(person.Page.GetByLabel("acme"));
        await person.Page.Keyboard.PressAsync("Space");
        await person.TabToAsync(person.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Connect this site" }));
        await person.Page.Keyboard.PressAsync("Enter");

        await person.AssertReadsAsync("Connected");
    }

    [Fact]
    public async Task A_person_may_go_back_and_press_again()
    {
        await using var world = await StartAsync();
        await using var person = await PersonAsync(world);
        await person.OpenLinkAsync();
        await person.ContinueAsync();

        await person.Page.GoBackAsync();
        await person.AssertReadsAsync("Connect demo to Confluence");
        await person.ContinueAsync();
        await person.AcceptAsync();

        await person.AssertReadsAsync("Connected");
    }

    private async Task<World> StartAsync(string? siteUrl = "https://acme.atlassian.net")
    {
        InstalledProgram.Require("chromium");
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = false });
        await world.Gateway.CreateAsync("demo", siteUrl);
        return world;
    }

    private async Task<Person> PersonAsync(World world) => new(await chromium.OpenAsync(), world);
}
