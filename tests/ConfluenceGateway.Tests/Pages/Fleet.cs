using System.Net;
using ConfluenceGateway.Audit;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>The connections of a company that has used the gateway for a year.</summary>
internal static class Fleet
{
    private static readonly string[] Departments = ["Finance", "Legal", "Platform", "Procurement", "Quality", "Research", "Service desk", "Support"];
    private static readonly string[] Purposes = ["archive", "dashboards", "handbook sync", "meeting notes", "release notes", "reports", "search index"];

    /// <summary>Connections that serve, and two whose consent ends within a month.</summary>
    public static async Task ServeAsync(World world)
    {
        await ConnectAsync(world, "Travel desk");
        await world.AdvanceAsync(TimeSpan.FromDays(9));
        await ConnectAsync(world, "HR onboarding");
        // As long as a consent lives, but for days; refreshed in between.
        foreach (var days in new[] { 80, 80, 80, 80, 19 })
        {
            await world.PassAsync(TimeSpan.FromDays(days));
        }

        await Task.WhenAll(Departments.SelectMany(department => Purposes.Select(purpose => GrantedAsync(world.Gateway, $"{department} {purpose}"))));
        await ConnectAsync(world, "Sales reports");
        await ConnectAsync(world, "Intranet search");
        foreach (var gateway in world.Gateways.Concat(world.Gateways))
        {
            await world.AdvanceAsync(TimeSpan.FromMinutes(61));
            await CallAsync(gateway, "sales-reports", HttpStatusCode.OK);
            await CallAsync(gateway, "intranet-search", HttpStatusCode.OK);
        }

        await world.Gateway.RefreshAsync("sales-reports");
    }

    /// <summary>What a bad week leaves behind: dead grants, paused connections, and some that wait.</summary>
    public static async Task SufferAsync(World world)
    {
        var revoked = (await world.Gateway.StoredGrantAsync("intranet-search")).Pair.RefreshToken.Fingerprint;
        await world.Atlassian.RevokeGrantAsync(Assert.Single(await world.Atlassian.GetGrantsAsync(), grant => grant.CurrentRefreshTokenSha256 == revoked).Id);
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        await CallAsync(world.Gateways[^1], "intranet-search", HttpStatusCode.Unauthorized);
        await world.AdvanceAsync(TimeSpan.FromMinutes(17));
        await CallAsync(world.Gateway, "sales-reports", HttpStatusCode.OK);
        await DieAsync(world.Gateway, "legal-archive", ReauthReason.SiteLost, "The list of sites has 1 entry, and the connection's site is not in it.", TimeSpan.FromDays(3));
        await DieAsync(world.Gateway, "quality-reports", ReauthReason.Replayed, "The token endpoint answered 403 unauthorized_client 7 hours after the import.", TimeSpan.FromHours(20));
        foreach (var paused in new[] { "finance-dashboards", "support-meeting-notes" })
        {
            using var done = await world.Gateway.Operator.PostAsync($"/api/v1/connections/{paused}/pause", null);
            Assert.True(done.IsSuccessStatusCode);
        }

        await world.Gateway.CreateAsync("marketing-calendar", displayName: "Marketing calendar");
        await world.Gateway.CreateAsync("design-system", siteUrl: null, displayName: "Design system docs");
        await SayAsync(world, "ada.lovelace@acme.example", "connection.pause", "finance-dashboards", AuditEntry.Done, TimeSpan.FromMinutes(12));
        await SayAsync(world, "grace.hopper@acme.example", "connection.delete", "old-wiki-bot", AuditEntry.Done, TimeSpan.FromMinutes(40));
        await SayAsync(world, "ada.lovelace@acme.example", "connection.edit", "research-reports", "precondition-failed", TimeSpan.FromMinutes(55));
        await SayAsync(world, "grace.hopper@acme.example", "connection.link", "travel-desk", AuditEntry.Done, TimeSpan.FromHours(2));
    }

    private static async Task CallAsync(TestGateway gateway, string id, HttpStatusCode expected)
    {
        using var answer = await gateway.App.GetAsync($"/confluence/{id}/wiki/api/v2/pages?limit=1");
        Assert.Equal(expected, answer.StatusCode);
    }

    private static Task ConnectAsync(World world, string name) => ConnectAsync(world.Gateway, IdOf(name), name);

    private static async Task ConnectAsync(TestGateway gateway, string id, string name)
    {
        await gateway.CreateAsync(id, displayName: name);
        using var browser = new Browser();
        var page = await browser.ConnectAsync(await gateway.ConnectLinkAsync(id));
        Assert.Equal("Connected", page.Heading);
    }

    // Consents that are only stored take no time, and are not refreshed before the test ends.
    private static async Task GrantedAsync(TestGateway gateway, string name)
    {
        await gateway.CreateAsync(IdOf(name), displayName: name);
        await gateway.ReplaceAsync(IdOf(name));
    }

    private static async Task DieAsync(TestGateway gateway, string id, ReauthReason reason, string evidence, TimeSpan ago)
    {
        var since = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow() - ago;
        var rejected = (await gateway.StoredGrantAsync(id)).Pair.RefreshToken;
        Assert.True(await gateway.Services.GetRequiredService<GrantStore>().MarkDeadAsync(ConnectionId.Parse(id, null), rejected, 1, new GrantDeath(reason, evidence, since)));
    }

    private static Task SayAsync(World world, string actor, string action, string? subject, string outcome, TimeSpan ago)
    {
        var at = world.Clock.GetUtcNow() - ago;
        return world.Gateway.Services.GetRequiredService<AuditTrail>().NoteAsync(
            new AuditEntry(AuditEntry.NewId(at), at, actor, action, subject, outcome, "10.20.0.7", "gateway-0", null));
    }

    private static string IdOf(string name) => name.ToLowerInvariant().Replace(' ', '-');
}
