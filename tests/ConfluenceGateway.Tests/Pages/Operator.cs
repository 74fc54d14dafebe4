using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>An operator, or a viewer, in front of a window with the management pages.</summary>
internal sealed class Operator(BrowserWindow window, TestGateway gateway) : IAsyncDisposable
{
    public const string ViewerKey = "cgwa_the-key-of-the-viewers";

    public BrowserWindow Window => window;

    public IPage Page => window.Page;

    /// <summary>What a form told.</summary>
    public ILocator Notice => Page.Locator("main > .notice");

    /// <summary>The badge on top of a connection's page.</summary>
    public ILocator State => Page.Locator("#why .badge");

    public Task OpenAsync(string path) => Page.GotoAsync(gateway.Page(path).AbsoluteUri);

    /// <summary>Asks for a page, and signs in on the way to it.</summary>
    public async Task SignInAsync(string path = "/", string key = World.AdminKey)
    {
        await OpenAsync(path);
        await Page.GetByLabel("Admin key").FillAsync(key);
        await PressAsync("Sign in");
        await Page.AssertAtAsync($"^{Regex.Escape(gateway.Page(path).AbsoluteUri)}$");
    }

    public Task PressAsync(string button) => Page.PressButtonAsync(button);

    public Task FollowAsync(string link) => Page.FollowLinkAsync(link);

    public Task AssertReadsAsync(string heading) => Page.AssertHeadedAsync(heading);

    /// <summary>The page is not loaded again from here on: what it comes to show, it shows by itself.</summary>
    public Task StayAsync() => Page.EvaluateAsync("window.stayed = true");

    public async Task AssertStayedAsync() => Assert.True(await Page.EvaluateAsync<bool>("window.stayed === true"));

    public ValueTask DisposeAsync() => window.DisposeAsync();
}
