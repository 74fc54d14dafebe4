using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>Who may do what on the pages, and what two who do it at once are told.</summary>
public sealed class OperatorRightsTests(Stores stores, ChromiumBrowser chromium)
{
    [Fact]
    public async Task A_viewer_sees_everything_and_nothing_to_press()
    {
        await using var world = await StartAsync();
        await using var viewer = new Operator(await chromium.OpenAsync(), world.Gateway);

        await viewer.SignInAsync("/", Operator.ViewerKey);
        foreach (var (path, heading) in new[] { ("/", "Overview"), ("/connections", "Connections"), ("/connections/demo", "demo"), ("/audit", "Audit") })
        {
            await viewer.OpenAsync(path);
            await viewer.AssertReadsAsync(heading);
            // A filter asks, and a copy changes nothing.
            Assert.Equal(0, await viewer.Page.Locator("main form[method=post], main button:not(.filter button, [data-copy]), main a.primary").CountAsync());
        }

        await viewer.OpenAsync("/connections/new");
        await viewer.AssertReadsAsync("Only operators may do this");
    }

    [Fact]
    public async Task A_viewer_who_sends_an_operators_form_is_told_and_changes_nothing()
    {
        await using var world = await StartAsync();
        await using var viewer = new Operator(await chromium.OpenAsync(), world.Gateway);
        await viewer.SignInAsync("/connections/demo", Operator.ViewerKey);

        // The only form of a viewer's page with its token, led elsewhere.
        await viewer.Page.Locator(".who form").EvaluateAsync("form => { form.action = '/connections/demo/pause'; }");
        await viewer.PressAsync("Sign out");

        await viewer.AssertReadsAsync("Only operators may do this");
        Assert.Equal("active", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Of_two_who_edit_the_second_is_told_what_happened_meanwhile()
    {
        await using var world = await StartAsync();
        await using var first = new Operator(await chromium.OpenAsync(), world.Gateway);
        await using var second = new Operator(await chromium.OpenAsync(), world.Gateway);
        await first.SignInAsync("/connections/demo");
        await second.SignInAsync("/connections/demo");

        await second.Page.GetByLabel("Name").FillAsync("Of the second");
        await second.Page.GetByLabel("Name").BlurAsync();
        await first.Page.GetByLabel("Name").FillAsync("Of the first");
        await first.PressAsync("Save");
        await first.Notice.AssertSaysAsync("Saved");
        // The page that is open shows the new name, and leaves the form that somebody fills in.
        await second.AssertReadsAsync("Of the first");
        Assert.Equal("Of the second", await second.Page.GetByLabel("Name").InputValueAsync());
        await second.PressAsync("Save");

        await second.Page.Locator(".notice.bad").AssertSaysAsync("changed");
        await second.AssertReadsAsync("Of the first");
        Assert.Equal("Of the first", (await world.Gateway.ShowAsync("demo")).GetProperty("displayName").GetString());

        // Who has seen it may go on.
        await second.Page.GetByLabel("Name").FillAsync("Of the second");
        await second.PressAsync("Save");
        await second.Notice.AssertSaysAsync("Saved");
        await second.AssertReadsAsync("Of the second");
    }

    private async Task<World> StartAsync()
    {
        InstalledProgram.Require("chromium");
        return await World.ConnectedAsync(stores, $"--Admin:ViewerApiKey={Operator.ViewerKey}");
    }
}
