using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.Webhooks;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>The pages of caller keys and webhooks are accessible and fit, in the light, in the dark and on a phone.</summary>
public sealed class KeyAndWebhookLookTests(Stores stores, ChromiumBrowser chromium)
{
    // By the name that its picture has.
    private static readonly Dictionary<string, (string Heading, Func<Operator, string, Task> Reach)> Ways = new()
    {
        ["caller-keys"] = ("Caller keys", async (person, _) =>
        {
            await person.SignInAsync("/caller-keys");
            await person.Page.GetByText("Revoke", new PageGetByTextOptions { Exact = true }).Nth(1).ClickAsync();
        }
        ),
        ["new-caller-key-refused"] = ("New caller key", async (person, _) =>
        {
            await person.SignInAsync("/caller-keys/new?connection=demo");
            await person.Page.GetByLabel("Name").FillAsync("Nightly export");
            await person.Page.GetByLabel("Ids").FillAsync("demo nobody");
            await person.PressAsync("Make the key");
        }
        ),
        ["caller-key-made"] = ("The key of Nightly export", async (person, _) =>
        {
            await person.SignInAsync("/caller-keys/new?connection=demo");
            await person.Page.GetByLabel("Name").FillAsync("Nightly export");
            await person.PressAsync("Make the key");
            Assert.Equal("/caller-keys", new Uri(person.Page.Url).PathAndQuery);
        }
        ),
        ["connection-with-keys"] = ("demo", (person, _) => person.SignInAsync("/connections/demo")),
        ["webhooks"] = ("Webhooks", (person, _) => person.SignInAsync("/webhooks")),
        ["new-webhook"] = ("New webhook endpoint", (person, _) => person.SignInAsync("/webhooks/new")),
        ["webhook"] = ("Operations", (person, id) => person.SignInAsync($"/webhooks/{id}")),
        ["webhook-configured"] = ("https://example.com/hooks", (person, _) => person.SignInAsync("/webhooks/configured")),
        ["webhook-secret"] = ("The secret of Operations", async (person, id) =>
        {
            await person.SignInAsync($"/webhooks/{id}");
            await person.Page.GetByText("Make a new secret").First.ClickAsync();
            await person.PressAsync("Make a new secret");
        }
        ),
    };

    public static TheoryData<string> Names => [.. Ways.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task It_is_accessible_in_every_look(string name)
    {
        InstalledProgram.Require("chromium");
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Embedded), 1, WebhookCalls.Local, "--Webhooks:Url=https://example.com/hooks", $"--Webhooks:Secret={WebhookSecret.Random().Reveal()}");
        var id = await FillAsync(world, receiver);
        await using var person = new Operator(await chromium.OpenAsync(bypassPolicy: true), world.Gateway);

        await Ways[name].Reach(person, id);

        await person.AssertReadsAsync(Ways[name].Heading);
        await person.Window.InspectAsync(name, Look.Operators);
    }

    // Keys and deliveries of every kind.
    private static async Task<string> FillAsync(World world, Receiver receiver)
    {
        var gateway = world.Gateway;
        await gateway.CreateAsync("demo");
        await gateway.CreateAsync("sales-reports");
        await gateway.MakeKeyAsync(["demo"], "read", world.Clock.GetUtcNow().AddHours(1), "Old export");
        await gateway.MakeKeyAsync(["demo", "sales-reports"], name: "Ticket system");
        await gateway.MakeKeyAsync(["*"], "read", name: "Intranet search");
        await world.AdvanceAsync(TimeSpan.FromHours(2));
        using var visitor = await Visitor.SignInAsync(gateway);
        await visitor.SendAsync("/webhooks/configured/disable");
        await visitor.SendAsync("/webhooks", ("url", receiver.Url), ("description", "Operations"), ("events", ConnectionEvents.ReauthRequired), ("events", ConnectionEvents.Misconfigured));
        var id = (await gateway.Services.GetRequiredService<WebhookEndpointStore>().ListAsync())[^1].Id;
        await gateway.TellAsync("demo", ConnectionEvents.ReauthRequired);
        await gateway.NewestAsync(id, "204");
        receiver.Answer = Receiver.Status(503);
        await gateway.TellAsync(ConnectionEvents.App, ConnectionEvents.Misconfigured);
        await gateway.NewestAsync(id, "503");
        return id;
    }
}
