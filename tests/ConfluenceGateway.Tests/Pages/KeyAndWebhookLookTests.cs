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
    private static readonly Dictionary<string, (string Heading, Func<IPage, TestGateway, string, Task> Reach)> Ways = new()
    {
        ["caller-keys"] = ("Caller keys", async (page, gateway, _) =>
        {
            await GoAsync(page, gateway, "/caller-keys");
            await page.GetByText("Revoke", new PageGetByTextOptions { Exact = true }).Nth(1).ClickAsync();
        }
        ),
        ["new-caller-key-refused"] = ("New caller key", async (page, gateway, _) =>
        {
            await GoAsync(page, gateway, "/caller-keys/new?connection=demo");
            await page.GetByLabel("Name").FillAsync("Nightly export");
            await page.GetByLabel("Ids").FillAsync("demo nobody");
            await PressAsync(page, "Make the key");
        }
        ),
        ["caller-key-made"] = ("The key of Nightly export", async (page, gateway, _) =>
        {
            await GoAsync(page, gateway, "/caller-keys/new?connection=demo");
            await page.GetByLabel("Name").FillAsync("Nightly export");
            await PressAsync(page, "Make the key");
            Assert.Equal("/caller-keys", new Uri(page.Url).PathAndQuery);
        }
        ),
        ["connection-with-keys"] = ("demo", (page, gateway, _) => GoAsync(page, gateway, "/connections/demo")),
        ["webhooks"] = ("Webhooks", (page, gateway, _) => GoAsync(page, gateway, "/webhooks")),
        ["new-webhook"] = ("New webhook endpoint", (page, gateway, _) => GoAsync(page, gateway, "/webhooks/new")),
        ["webhook"] = ("Operations", (page, gateway, id) => GoAsync(page, gateway, $"/webhooks/{id}")),
        ["webhook-configured"] = ("https://example.com/hooks", (page, gateway, _) => GoAsync(page, gateway, "/webhooks/configured")),
        ["webhook-secret"] = ("The secret of Operations", async (page, gateway, id) =>
        {
            await GoAsync(page, gateway, $"/webhooks/{id}");
            await page.GetByText("Make a new secret").First.ClickAsync();
            await PressAsync(page, "Make a new secret");
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
        await using var window = await chromium.OpenAsync(bypassPolicy: true);

        await Ways[name].Reach(window.Page, world.Gateway, id);

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 }))
            .ToHaveTextAsync(Ways[name].Heading, new LocatorAssertionsToHaveTextOptions { Timeout = 60_000 });
        await window.InspectAsync(name);
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

    private static async Task GoAsync(IPage page, TestGateway gateway, string path)
    {
        await page.GotoAsync(gateway.Page(path).AbsoluteUri);
        await page.GetByLabel("Admin key").FillAsync(World.AdminKey);
        await PressAsync(page, "Sign in");
        await Assertions.Expect(page).ToHaveURLAsync(gateway.Page(path).AbsoluteUri, new PageAssertionsToHaveURLOptions { Timeout = 60_000 });
    }

    private static Task PressAsync(IPage page, string button) =>
        page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = true }).ClickAsync();
}
