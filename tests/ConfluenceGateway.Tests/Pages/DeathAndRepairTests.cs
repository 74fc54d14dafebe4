using System.Net;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>A grant dies and is repaired, while operators look at pages of another replica.</summary>
public sealed class DeathAndRepairTests(Stores stores, ChromiumBrowser chromium)
{
    [Fact]
    public async Task Open_pages_show_a_death_and_its_repair_by_themselves()
    {
        InstalledProgram.Require("chromium");
        await using var world = await World.ConnectedAsync(stores);
        var other = await world.AddGatewayAsync();
        await using var watcher = new Operator(await chromium.OpenAsync(), world.Gateway);
        await using var owner = new Operator(await chromium.OpenAsync(), world.Gateway);
        await watcher.SignInAsync();
        await owner.SignInAsync("/connections/demo");
        await owner.State.AssertSaysAsync("active");
        await watcher.StayAsync();
        await owner.StayAsync();

        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        using var refused = await other.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);

        await owner.State.AssertSaysAsync("needs a person");
        await owner.Page.Locator("#why + p").AssertSaysAsync("Atlassian says the grant is no longer valid");
        await owner.Page.Locator("section", new PageLocatorOptions { HasText = "Evidence" }).Locator("code").First.AssertSaysAsync("unauthorized_client");
        await Needed(watcher).AssertSaysAsync("access was revoked");
        await Figure(watcher, "needs a person").AssertSaysAsync("1");
        await owner.AssertStayedAsync();

        await owner.PressAsync("Make a link to reconnect");
        await owner.Notice.AssertSaysAsync("This link works for 24 hours");
        await owner.StayAsync();
        using (var person = new Browser())
        {
            Assert.Equal("Connected", (await person.ConnectAsync(new Uri((await owner.Notice.Locator("pre").TextContentAsync())!))).Heading);
        }

        await owner.State.AssertSaysAsync("active");
        await Needed(watcher).AssertSaysAsync("nobody");
        await Figure(watcher, "active").AssertSaysAsync("1");
        await owner.AssertStayedAsync();
        await watcher.AssertStayedAsync();
        await AssertHistoryAsync(owner, other);
        owner.Window.AssertPolicyKept();
        watcher.Window.AssertPolicyKept();
    }

    // The refusal was met by the other replica, and a refresh says how long it took.
    private static async Task AssertHistoryAsync(Operator owner, TestGateway refusedAt)
    {
        var lines = owner.Page.Locator(".timeline li");
        await lines.AssertCountAsync(4);
        foreach (var what in new[] { "recovered", "refused", "grant died", "connected" })
        {
            await lines.Filter(new LocatorFilterOptions { HasText = what }).First.AssertSaysAsync("on ");
        }

        var refused = await lines.Filter(new LocatorFilterOptions { HasText = "refused" }).TextContentAsync();
        Assert.Matches(@"\d+ ms on " + refusedAt.Services.GetRequiredService<ReplicaId>().Value, refused);
    }

    private static ILocator Needed(Operator watcher) => watcher.Page.Locator("#needed + *");

    private static ILocator Figure(Operator watcher, string state) =>
        watcher.Page.Locator(".count", new PageLocatorOptions { Has = watcher.Page.GetByText(state, new PageGetByTextOptions { Exact = true }) }).Locator(".figure");
}
