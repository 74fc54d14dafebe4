using ConfluenceGateway.Tests.Conventions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>A window of Chromium, and what the browser had to say against the pages in it.</summary>
internal sealed class BrowserWindow : IAsyncDisposable
{
    // The machine may be busy with other tests.
    private const float Patience = 120_000;

    // With 1 the pictures that the documents have are made anew; with all, every page in every look for whoever changes it.
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("CGW_SCREENSHOTS");

    // Of a long list the documents show the beginning.
    private const float MostShown = 1600;

    private static readonly AxeRunOptions OnlyViolations = new() { ResultTypes = [ResultType.Violations] };

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private BrowserWindow(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase))
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    public static async Task<BrowserWindow> OpenAsync(IBrowserContext context)
    {
        context.SetDefaultTimeout(Patience);
        return new BrowserWindow(context, await context.NewPageAsync());
    }

    public Task ForgetCookiesAsync() => _context.ClearCookiesAsync();

    /// <summary>Nothing in the pages so far broke their own content security policy.</summary>
    public void AssertPolicyKept() => Assert.Empty(_complaints);

    /// <summary>The page is accessible and fits in every look; it is saved under <paramref name="name"/> when that is asked for.</summary>
    /// <param name="name">The name of the picture.</param>
    /// <param name="looks">Other looks than those of a consent's pages.</param>
    public async Task InspectAsync(string name, IReadOnlyList<Look>? looks = null)
    {
        foreach (var look in looks ?? Look.All)
        {
            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = look.Scheme });
            await Page.SetViewportSizeAsync(look.Size.Width, look.Size.Height);
            Assert.True(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} is wider than a {look.Name} window");
            var result = await Page.RunAxe(OnlyViolations);
            Assert.Empty(result.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => Told(look, violation)));
            await SaveAsync(name, look);
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static string Told(Look look, AxeResultItem violation) =>
        $"{look.Name}: {violation.Id}, {violation.Help}: {string.Join(' ', violation.Nodes.Select(node => node.Html))}";

    private async Task SaveAsync(string name, Look look)
    {
        var shown = Path.Combine(Repository.Root, "docs", "images", look.Name == Look.Light.Name ? $"{name}.png" : $"{name}-{look.Name}.png");
        var path = Screenshots switch
        {
            "1" when File.Exists(shown) => shown,
            "all" => Path.Combine(Repository.Root, "artifacts", "pages", $"{name}-{look.Name}.png"),
            _ => null,
        };
        if (path is not null)
        {
            var height = Math.Min(await Page.EvaluateAsync<float>("document.documentElement.scrollHeight"), Screenshots == "1" ? MostShown : float.MaxValue);
            await Page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = path,
                FullPage = true,
                Clip = new Clip { Width = look.Size.Width, Height = height },
                Animations = ScreenshotAnimations.Disabled,
            });
        }
    }
}
