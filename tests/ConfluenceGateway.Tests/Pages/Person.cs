using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>A person in front of a window, on the way through a consent.</summary>
internal sealed class Person(BrowserWindow window, World world) : IAsyncDisposable
{
    public BrowserWindow Window => window;

    public IPage Page => window.Page;

    public Task OpenAsync(Uri url) => Page.GotoAsync(url.AbsoluteUri);

    /// <summary>Opens a new link of the operator.</summary>
    public async Task OpenLinkAsync(string id = "demo") => await OpenAsync(await world.Gateway.ConnectLinkAsync(id));

    public Task PressAsync(string button) => Page.PressButtonAsync(button);

    public Task FollowAsync(string link) => Page.FollowLinkAsync(link);

    /// <summary>From the page of the link to Atlassian's question.</summary>
    public async Task ContinueAsync()
    {
        await PressAsync("Continue to Atlassian");
        await AssertAtAtlassianAsync();
    }

    public Task AssertAtAtlassianAsync() => Page.AssertAtAsync("^" + Regex.Escape(world.SimulatorUrl + "authorize"));

    /// <summary>Consents at Atlassian for one site, or for both.</summary>
    public async Task AcceptAsync(bool acme = true, bool globex = false)
    {
        await Page.GetByLabel("acme.atlassian.net").SetCheckedAsync(acme);
        await Page.GetByLabel("globex.atlassian.net").SetCheckedAsync(globex);
        await PressAsync("Accept");
    }

    /// <summary>Comes back from Atlassian's question with this answer instead of Atlassian's.</summary>
    public Task ComeBackWithAsync(string answer) => OpenAsync(CallbackWith(answer));

    /// <summary>The callback of the consent under way, with this answer.</summary>
    public Uri CallbackWith(string answer)
    {
        var state = QueryHelpers.ParseQuery(new Uri(Page.Url).Query)["state"].ToString();
        return new Uri(world.Gateway.App.BaseAddress!, $"{Consents.CallbackPath}?state={Uri.EscapeDataString(state)}&{answer}");
    }

    /// <summary>Has Atlassian ask for other scopes than the gateway did.</summary>
    public async Task AskWithoutScopeAsync(string scope)
    {
        var query = QueryHelpers.ParseQuery(new Uri(Page.Url).Query);
        query["scope"] = query["scope"].ToString().Replace(scope, "", StringComparison.Ordinal);
        await OpenAsync(new Uri(QueryHelpers.AddQueryString(new Uri(Page.Url).GetLeftPart(UriPartial.Path), query)));
    }

    public Task AssertReadsAsync(string heading) => Page.AssertHeadedAsync(heading);

    /// <summary>Goes to a control by the Tab key alone, and sees where it is.</summary>
    public Task TabToAsync(ILocator control) => Page.TabToAsync(control);

    public ValueTask DisposeAsync() => window.DisposeAsync();
}
