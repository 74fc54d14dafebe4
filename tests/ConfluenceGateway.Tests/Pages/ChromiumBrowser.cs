using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.Pages;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ChromiumBrowser))]

namespace ConfluenceGateway.Tests.Pages;

/// <summary>The machine's own Chromium, started once for all tests that look at pages as people do.</summary>
public sealed class ChromiumBrowser : IAsyncDisposable
{
    private const string Program = "chromium";

    // The same without the window around the pages, which costs most of the start of each; used where it is installed.
    private const string Shell = "chromium-headless-shell";

    private readonly Lazy<Task<Running>> _running = new(StartAsync);

    /// <summary>A window of its own, with cookies of its own. The test is skipped where there is no Chromium.</summary>
    /// <param name="bypassPolicy">Whether scripts run that the page's content security policy forbids, as the one that checks accessibility.</param>
    /// <param name="scripts">Whether scripts run at all.</param>
    internal async Task<BrowserWindow> OpenAsync(bool bypassPolicy = false, bool scripts = true)
    {
        InstalledProgram.Require(Program);
        var running = await _running.Value;
        var context = await running.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BypassCSP = bypassPolicy,
            JavaScriptEnabled = scripts,
            ColorScheme = ColorScheme.Light,
            ViewportSize = Look.Light.Size,
        });
        return await BrowserWindow.OpenAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (_running.IsValueCreated)
        {
            var running = await _running.Value;
            await running.Browser.DisposeAsync();
            running.Playwright.Dispose();
        }
    }

    private static async Task<Running> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return new Running(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            // The one that is installed: nothing is downloaded.
            ExecutablePath = InstalledProgram.PathOf(Shell) ?? InstalledProgram.PathOf(Program),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            Timeout = 120_000,
        }));
    }

    private sealed record Running(IPlaywright Playwright, IBrowser Browser);
}
