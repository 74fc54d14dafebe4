using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>What a real browser is not led to, and what it must be able to follow.</summary>
public sealed class ConsentSafetyInBrowserTests(Stores stores, ChromiumBrowser chromium)
{
    [Fact]
    public async Task An_expired_link_says_how_to_get_another()
    {
        await using var world = await StartAsync();
        await using var person = await PersonAsync(world);
        var link = await world.Gateway.ConnectLinkAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromHours(25));

        await person.OpenAsync(link);

        await person.AssertReadsAsync("This link does not work");
        await Assertions.Expect(person.Page.GetByText("as reconnectUrl")).ToBeVisibleAsync();
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_page_left_open_until_its_link_expired_leads_nowhere()
    {
        await using var world = await StartAsync();
        await using var person = await PersonAsync(world);
        await person.OpenLinkAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(25));

        await person.PressAsync("Continue to Atlassian");

        await person.AssertReadsAsync("This link does not work");
    }

    [Fact]
    public async Task A_forged_state_is_refused()
    {
        await using var world = await StartAsync();
        await using var person = await PersonAsync(world);

        await person.OpenAsync(new Uri(world.Gateway.App.BaseAddress!, $"{Consents.CallbackPath}?state=cgws_forged&code=made-up"));

        await person.AssertReadsAsync("This consent cannot be finished");
        person.Window.AssertPolicyKept();
    }

    [Fact]
    public async Task The_page_of_a_success_loaded_again_changes_nothing()
    {
        await using var world = await StartAsync();
        await using var person = await PersonAsync(world);
        await person.OpenLinkAsync();
        await person.ContinueAsync();
        await person.AcceptAsync();
        await person.AssertReadsAsync("Connected");

        await person.Page.ReloadAsync();

        await person.AssertReadsAsync("This consent cannot be finished");
        Assert.Equal(1, (await world.Gateway.ShowAsync("demo")).GetProperty("generation").GetInt64());
    }

    [Fact]
    public async Task Another_browser_cannot_finish()
    {
        await using var world = await StartAsync();
        await using var attacker = await PersonAsync(world);
        await using var victim = await PersonAsync(world);
        await attacker.OpenLinkAsync();
        await attacker.ContinueAsync();

        await victim.OpenAsync(attacker.CallbackWith("code=made-up"));

        await victim.AssertReadsAsync("This consent was begun in another browser");
        await world.Gateway.AssertNotConnectedAsync("demo");
    }

    [Fact]
    public async Task A_browser_that_lost_its_cookie_is_asked_to_press_again()
    {
        await using var world = await StartAsync();
        await using var person = await PersonAsync(world);
        await person.OpenLinkAsync();
        await person.Window.ForgetCookiesAsync();

        await person.PressAsync("Continue to Atlassian");
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Allow cookies for this site");
        await person.ContinueAsync();
        await person.AcceptAsync();

        await person.AssertReadsAsync("Connected");
    }

    [Fact]
    public async Task The_form_of_another_site_begins_nothing()
    {
        await using var world = await StartAsync();
        await using var person = await PersonAsync(world);
        await person.OpenLinkAsync();
        // Another host name is another site, so the browser keeps its Lax cookie from the form.
        var link = await world.Gateway.ConnectLinkAsync("demo");
        await using var other = await WebsiteAsync(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync(
                $"<form method=post action='{link.GetLeftPart(UriPartial.Path)}'><input name=ticket value='{link.Query["?ticket=".Length..]}'><button>Win a prize</button></form>");
        });

        await person.OpenAsync(new Uri(AddressOf(other).AbsoluteUri.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)));
        await person.PressAsync("Win a prize");

        await person.AssertReadsAsync("Connect demo to Confluence");
        Assert.Equal(0, (await world.Atlassian.GetCountersAsync()).AuthorizeRequests);
    }

    [Fact]
    public async Task Atlassian_may_lead_the_browser_through_other_hosts()
    {
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = false });
        await using var signOn = await WebsiteAsync(context =>
        {
            context.Response.Redirect($"{world.SimulatorUrl}authorize{context.Request.QueryString}");
            return Task.CompletedTask;
        });
        var gateway = await world.AddGatewayAsync($"--Atlassian:AuthBaseUrl={AddressOf(signOn).GetLeftPart(UriPartial.Authority)}");
        await gateway.CreateAsync("demo");
        await using var person = await PersonAsync(world);

        await person.OpenLinkAsync();
        await person.ContinueAsync();

        person.Window.AssertPolicyKept();
    }

    private async Task<World> StartAsync()
    {
        InstalledProgram.Require("chromium");
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = false });
        await world.Gateway.CreateAsync("demo");
        return world;
    }

    private async Task<Person> PersonAsync(World world) => new(await chromium.OpenAsync(), world);

    private static async Task<WebApplication> WebsiteAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var website = builder.Build();
        website.Urls.Add("http://127.0.0.1:0");
        website.Run(answer);
        await website.StartAsync();
        return website;
    }

    private static Uri AddressOf(WebApplication website) => new(website.Urls.Single());
}
