using System.Globalization;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>One connection among many is found, and deleted by who means it.</summary>
public sealed class FindingConnectionsTests(Stores stores, ChromiumBrowser chromium)
{
    [Fact]
    public async Task Pages_search_and_filters_lead_to_a_connection_among_many()
    {
        await using var world = await StartAsync(count: 57);
        using var paused = await world.Gateway.Operator.PostAsync("/api/v1/connections/app-41/pause", null);
        await using var admin = new Operator(await chromium.OpenAsync(), world.Gateway);
        var (rows, total) = (admin.Page.Locator("table.rows tbody tr"), admin.Page.Locator("#total"));

        await admin.SignInAsync("/connections");
        await total.AssertSaysAsync("57 connections");
        await rows.AssertCountAsync(50);
        await admin.FollowAsync("Next page");
        await rows.AssertCountAsync(7);
        await rows.Last.AssertSaysAsync("App 57");
        await admin.Page.GetByLabel("Search").FillAsync("APP 4");
        await admin.PressAsync("Filter");
        await total.AssertSaysAsync("10 connections");
        await admin.Page.GetByLabel("State").SelectOptionAsync("paused");
        await admin.PressAsync("Filter");
        await total.AssertSaysAsync("1 connection");
        await admin.FollowAsync("App 41");

        await admin.AssertReadsAsync("App 41");
        await admin.State.AssertSaysAsync("paused");
        await admin.FollowAsync("Connections");
        await admin.Page.GetByLabel("Search").FillAsync("nothing is called so");
        await admin.PressAsync("Filter");
        await admin.Page.Locator("main").AssertSaysAsync("No connection is as the filter says.");
        await admin.FollowAsync("Show all");
        await rows.AssertCountAsync(50);
    }

    [Fact]
    public async Task A_connection_is_deleted_by_who_types_its_id_and_an_open_page_of_it_says_so()
    {
        await using var world = await StartAsync(count: 2);
        await using var admin = new Operator(await chromium.OpenAsync(), world.Gateway);
        await using var watcher = new Operator(await chromium.OpenAsync(), world.Gateway);
        await watcher.SignInAsync("/connections/app-02");
        await admin.SignInAsync("/connections/app-02");
        var confirmation = admin.Page.GetByLabel("Type app-02 to confirm");

        await admin.Page.GetByText("Delete this connection").ClickAsync();
        await confirmation.FillAsync("app-01");
        await admin.PressAsync("Delete");
        await admin.Page.Locator(".notice.bad").AssertSaysAsync("Nothing was deleted");
        Assert.Equal("app-02", (await world.Gateway.ShowAsync("app-02")).GetProperty("id").GetString());

        await admin.Page.GetByText("Delete this connection").ClickAsync();
        await confirmation.FillAsync("app-02");
        await admin.PressAsync("Delete");

        await admin.Notice.AssertSaysAsync("app-02 is deleted");
        await admin.AssertReadsAsync("Connections");
        await admin.Page.Locator("table.rows tbody tr").AssertCountAsync(1);
        await watcher.AssertReadsAsync("Not found");
    }

    private async Task<World> StartAsync(int count)
    {
        InstalledProgram.Require("chromium");
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await Task.WhenAll(Enumerable.Range(1, count).Select(number => number.ToString("00", CultureInfo.InvariantCulture))
            .Select(number => world.Gateway.CreateAsync($"app-{number}", displayName: $"App {number}")));
        return world;
    }
}
