using System.Net;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.WebUtilities;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>The ways a person goes through a consent.</summary>
internal static class Consents
{
    public const string CallbackPath = "/connect/callback";

    /// <summary>From now on this account consents, for these sites or for all it has.</summary>
    public static Task ConsentAsAsync(this World world, string account, params string[] cloudIds) =>
        world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsentAccount = account, AutoConsentSites = cloudIds });

    /// <summary>Goes as far as Atlassian's answer, which is not delivered: the callback's URL with state and code.</summary>
    public static async Task<Uri> ConsentForAsync(this Browser browser, TestGateway gateway, string id) =>
        await browser.ConnectUntilAsync(await gateway.ConnectLinkAsync(id), CallbackPath);

    /// <summary>Opens the link and consents to an authorize request in which one parameter is another.</summary>
    public static async Task<PageSeen> ConsentWithAsync(this Browser browser, TestGateway gateway, string id, string parameter, Func<string, string> change)
    {
        var authorize = await browser.ConnectUntilAsync(await gateway.ConnectLinkAsync(id), "/authorize");
        var query = QueryHelpers.ParseQuery(authorize.Query);
        query[parameter] = change(query[parameter].ToString());
        return await browser.OpenAsync(new Uri(QueryHelpers.AddQueryString(authorize.GetLeftPart(UriPartial.Path), query)));
    }

    /// <summary>Opens the link, and comes back with this answer instead of Atlassian's.</summary>
    public static async Task<PageSeen> ComeBackWithAsync(this Browser browser, TestGateway gateway, string id, string answer)
    {
        var authorize = await browser.ConnectUntilAsync(await gateway.ConnectLinkAsync(id), "/authorize");
        var state = Uri.EscapeDataString(QueryHelpers.ParseQuery(authorize.Query)["state"].ToString());
        return await browser.OpenAsync(new Uri(gateway.App.BaseAddress!, $"{CallbackPath}?state={state}&{answer}"));
    }

    /// <summary>Whoever consented takes it back: the link of the 401 that an app then gets.</summary>
    public static async Task<Uri> RevokeAsync(this World world)
    {
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");
        var problem = await answer.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
        return new Uri(problem.GetProperty("reconnectUrl").GetString()!);
    }

    /// <summary>The page says this, in this status, as people read it.</summary>
    public static void AssertSays(this PageSeen page, HttpStatusCode status, string heading)
    {
        Assert.Equal(heading, page.Heading);
        Assert.Equal(status, page.Status);
    }

    /// <summary>Nobody has consented as far as the gateway knows.</summary>
    public static async Task AssertNotConnectedAsync(this TestGateway gateway, string id)
    {
        var shown = await gateway.ShowAsync(id);
        Assert.Equal("pending", shown.GetProperty("state").GetString());
        Assert.False(shown.TryGetProperty("generation", out _));
    }
}
