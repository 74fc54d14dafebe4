using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>An operator who has a keyboard and no mouse, or a browser without scripts, does all there is to do.</summary>
public sealed class OperatorMeansTests(Stores stores, ChromiumBrowser chromium)
{
    [Fact]
    public async Task The_keyboard_is_enough()
    {
        InstalledProgram.Require("chromium");
        await using var world = await World.ConnectedAsync(stores);
        await using var admin = new Operator(await chromium.OpenAsync(), world.Gateway);
        var (page, keys) = (admin.Page, admin.Page.Keyboard);
        await admin.OpenAsync("/");
        // The field has the focus from the start: as soon as the browser has drawn the page.
        await page.UntilAsync("document.activeElement.id === 'key'");
        await keys.TypeAsync(World.AdminKey);
        await keys.PressAsync("Enter");
        await admin.AssertReadsAsync("Overview");

        await keys.PressAsync("Tab");
        Assert.Equal("Skip to the content", await FocusedTextAsync(page));
        await keys.PressAsync("Enter");
        await page.UntilAsync("document.activeElement.id === 'main'");
        await page.ReloadAsync();
        await page.TabToAsync(Link(page, "Connections"));
        await keys.PressAsync("Enter");
        await admin.AssertReadsAsync("Connections");

        await page.TabToAsync(page.GetByLabel("Search"));
        await keys.TypeAsync("demo");
        await keys.PressAsync("Enter");
        await page.AssertAtAsync("q=demo");
        await page.TabToAsync(Link(page, "demo"));
        Assert.Equal("solid", await Link(page, "demo").EvaluateAsync<string>("link => getComputedStyle(link).outlineStyle"));
        await keys.PressAsync("Enter");
        await admin.AssertReadsAsync("demo");

        await page.TabToAsync(Button(page, "Pause"));
        await keys.PressAsync("Enter");
        await admin.State.AssertSaysAsync("paused");
        await page.TabToAsync(Button(page, "Resume"));
        await keys.PressAsync("Space");
        await admin.State.AssertSaysAsync("active");
    }

    [Fact]
    public async Task Without_scripts_everything_can_be_done()
    {
        InstalledProgram.Require("chromium");
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await using var admin = new Operator(await chromium.OpenAsync(scripts: false), world.Gateway);

        await admin.SignInAsync();
        await admin.FollowAsync("Connections");
        await admin.FollowAsync("New connection");
        await admin.Page.GetByLabel("Id", new PageGetByLabelOptions { Exact = true }).FillAsync("demo");
        await admin.Page.GetByLabel("Site").FillAsync("https://acme.atlassian.net");
        await admin.PressAsync("Create");
        await admin.PressAsync("Make a link to connect");
        using (var person = new Browser())
        {
            Assert.Equal("Connected", (await person.ConnectAsync(new Uri((await admin.Notice.Locator("pre").TextContentAsync())!))).Heading);
        }

        await admin.OpenAsync("/connections/demo");
        await admin.State.AssertSaysAsync("active");
        // A button that needs a script does not show.
        Assert.False(await admin.Page.Locator("[data-copy]").First.IsVisibleAsync());
        await admin.PressAsync("Refresh now");
        await admin.Notice.AssertSaysAsync("from generation 1 to 2");
        await admin.PressAsync("Pause");
        await admin.State.AssertSaysAsync("paused");
        await admin.PressAsync("Resume");
        await admin.State.AssertSaysAsync("active");
        await admin.Page.GetByLabel("Name").FillAsync("Sales reports");
        await admin.PressAsync("Save");
        await admin.AssertReadsAsync("Sales reports");
        await admin.FollowAsync("Audit");
        await admin.Page.GetByLabel("What", new PageGetByLabelOptions { Exact = true }).FillAsync("connection.pause");
        await admin.PressAsync("Filter");
        await admin.Page.Locator("table.rows tbody tr").AssertCountAsync(1);
        await admin.FollowAsync("demo");
        await admin.Page.GetByText("Delete this connection").ClickAsync();
        await admin.Page.GetByLabel("Type demo to confirm").FillAsync("demo");
        await admin.PressAsync("Delete");
        await admin.Notice.AssertSaysAsync("demo is deleted");
        await admin.PressAsync("Sign out");
        await admin.AssertReadsAsync("Sign in");
        admin.Window.AssertPolicyKept();
    }

    private static ILocator Link(IPage page, string name) => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    private static Task<string> FocusedTextAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.textContent");
}
