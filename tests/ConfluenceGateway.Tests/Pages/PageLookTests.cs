using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.OAuth;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>Every page that a person who connects may see is accessible, in the light, in the dark and on a phone.</summary>
public sealed class PageLookTests(Stores stores, ChromiumBrowser chromium)
{
    // By the name that its picture has.
    private static readonly Dictionary<string, (string Heading, Func<Person, World, Task> Reach)> Ways = new()
    {
        ["connect"] = ("Connect Sales reports to Confluence", (person, _) => person.OpenLinkAsync()),
        ["reconnect"] = ("Reconnect Sales reports to Confluence", async (person, world) => await person.OpenAsync(await ReconnectUrlAsync(world))),
        ["already-connected"] = ("Sales reports is connected", async (person, world) =>
        {
            await ConnectAsync(world);
            using var paused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null);
            await person.OpenLinkAsync();
        }
        ),
        ["cookie-lost"] = ("Connect Sales reports to Confluence", async (person, _) =>
        {
            await person.OpenLinkAsync();
            await person.Window.ForgetCookiesAsync();
            await person.PressAsync("Continue to Atlassian");
            await person.Page.GetByText("Allow cookies for this site").WaitForAsync();
        }
        ),
        ["link-does-not-work"] = ("This link does not work", (person, world) => person.OpenAsync(new Uri(world.Gateway.App.BaseAddress!, "/connect/demo?ticket=old"))),
        ["no-such-connection"] = ("There is no such connection", async (person, world) =>
        {
            var link = await world.Gateway.ConnectLinkAsync("demo");
            using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
            await person.OpenAsync(link);
        }
        ),
        ["not-set-up"] = ("The gateway is not set up yet", async (person, world) =>
        {
            var without = await world.AddGatewayWithAsync([.. world.StoreSettings().Where(setting => !setting.StartsWith("--Atlassian:ClientId", StringComparison.Ordinal))]);
            await person.OpenAsync(new Uri(without.App.BaseAddress!, (await world.Gateway.ConnectLinkAsync("demo")).PathAndQuery));
        }
        ),
        ["used-consent"] = ("This consent cannot be finished", (person, world) => person.OpenAsync(new Uri(world.Gateway.App.BaseAddress!, Consents.CallbackPath + "?state=used"))),
        ["other-browser"] = ("This consent was begun in another browser", async (person, _) =>
        {
            await AskedAsync(person);
            await person.Window.ForgetCookiesAsync();
            await person.ComeBackWithAsync("code=made-up");
        }
        ),
        ["declined"] = ("You declined", async (person, _) =>
        {
            await AskedAsync(person);
            await person.PressAsync("Decline");
        }
        ),
        ["refused"] = ("Atlassian refused", async (person, _) =>
        {
            await AskedAsync(person);
            await person.ComeBackWithAsync("error=server_error&error_description=Try+again+later");
        }
        ),
        ["too-late"] = ("The consent came too late", async (person, _) =>
        {
            await AskedAsync(person);
            await person.ComeBackWithAsync("code=made-up");
        }
        ),
        ["app-refused"] = ("Atlassian refuses the gateway's app", async (person, world) =>
        {
            await AskedAsync(person);
            await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = "another-secret" });
            await person.AcceptAsync();
        }
        ),
        ["no-answer"] = ("Atlassian did not answer", async (person, world) =>
        {
            await AskedAsync(person);
            await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 503 });
            await person.AcceptAsync();
        }
        ),
        ["no-offline-access"] = ("The consent lacks offline_access", async (person, _) =>
        {
            await AskedAsync(person);
            await person.AskWithoutScopeAsync("offline_access");
            await person.AcceptAsync();
        }
        ),
        ["no-site"] = ("Your account reaches no Confluence site", async (person, _) =>
        {
            await AskedAsync(person);
            await person.FollowAsync("Continue as Gus Guest");
            await person.PressAsync("Accept");
        }
        ),
        ["wrong-site"] = ("This consent is for another site", async (person, _) =>
        {
            await AskedAsync(person);
            await person.AcceptAsync(acme: false, globex: true);
        }
        ),
        ["other-account"] = ("This is another account", async (person, world) =>
        {
            await person.OpenAsync(await ReconnectUrlAsync(world));
            await person.ContinueAsync();
            await person.FollowAsync("Continue as Bob Baker");
            await person.PressAsync("Accept");
        }
        ),
        ["choose-site"] = ("Which site?", async (person, world) =>
        {
            await world.Gateway.CreateAsync("other", siteUrl: null, displayName: "Sales reports");
            await person.OpenLinkAsync("other");
            await person.ContinueAsync();
            await person.AcceptAsync(acme: true, globex: true);
        }
        ),
        ["connected"] = ("Connected", async (person, _) =>
        {
            await AskedAsync(person);
            await person.AcceptAsync();
        }
        ),
        ["connected-with-less"] = ("Connected, with less than was asked for", async (person, _) =>
        {
            await AskedAsync(person);
            await person.AskWithoutScopeAsync("write:task:confluence");
            await person.AcceptAsync();
        }
        ),
        ["unavailable"] = ("The gateway cannot do this just now", async (person, world) =>
        {
            await AskedAsync(person);
            await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.AccessibleResources) { Code = 503 });
            await person.AcceptAsync();
        }
        ),
    };

    public static TheoryData<string> Names => [.. Ways.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task It_is_accessible_in_every_look(string name)
    {
        InstalledProgram.Require("chromium");
        RunLog.AddSecret("another-secret");
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = false });
        await world.Gateway.CreateAsync("demo", displayName: "Sales reports");
        await using var person = new Person(await chromium.OpenAsync(bypassPolicy: true), world);

        await Ways[name].Reach(person, world);

        await person.AssertReadsAsync(Ways[name].Heading);
        await person.Window.InspectAsync(name);
    }

    private static async Task AskedAsync(Person person)
    {
        await person.OpenLinkAsync();
        await person.ContinueAsync();
    }

    private static async Task ConnectAsync(World world)
    {
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = true });
        using var browser = new Browser();
        (await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"))).AssertSays(System.Net.HttpStatusCode.OK, "Connected");
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = false });
    }

    // The link that an app is given when the consent was taken back.
    private static async Task<Uri> ReconnectUrlAsync(World world)
    {
        await ConnectAsync(world);
        return await world.RevokeAsync();
    }
}
