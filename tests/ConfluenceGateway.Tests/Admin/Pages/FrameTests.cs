using System.Net;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin.Pages;

/// <summary>What every management page keeps to, whatever it says.</summary>
public sealed partial class FrameTests(Stores stores)
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    [Theory]
    [InlineData("/sign-in", HttpStatusCode.OK, false)]
    [InlineData("/", HttpStatusCode.OK, true)]
    [InlineData("/no/such/page", HttpStatusCode.NotFound, true)]
    public async Task A_page_is_closed_to_caches_frames_and_everything_but_the_style_and_script_of_the_gateway(string path, HttpStatusCode status, bool isSignedIn)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        if (isSignedIn)
        {
            await browser.SignInAsync(world.Gateway);
        }

        var page = await browser.OpenAsync(world.Gateway.Page(path));

        Assert.Equal(status, page.Status);
        Assert.Equal(Policy, Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
        Assert.True(page.Headers.CacheControl?.NoStore);
        Assert.Equal("same-origin", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        AssertHasNothingInline(page.Html);
        Assert.Contains("<html lang=\"en\">", page.Html, StringComparison.Ordinal);
        Assert.Contains("width=device-width, initial-scale=1", page.Html, StringComparison.Ordinal);
        Assert.Contains("<a class=\"skip\" href=\"#main\">", page.Html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page.Html, "<h1>"));
        Assert.Equal(isSignedIn, page.Html.Contains("<nav", StringComparison.Ordinal));
        Assert.Equal(path == "/" ? 1 : 0, Regex.Count(page.Html, "href=\"/\" aria-current=\"page\""));
    }

    [Fact]
    public void No_page_has_a_style_or_a_handler_in_its_text() =>
        Assert.All(
            Repository.SourceFiles(Path.Combine(Repository.GatewayFolder, "Admin", "Pages")).Where(file => Path.GetExtension(file) == ".razor"),
            file => AssertHasNothingInline(File.ReadAllText(file)));

    [Theory]
    [InlineData("<style>")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<p style=\"color: red\">")]
    [InlineData("<button onclick=\"go()\">")]
    [InlineData("<a href=\"javascript:go()\">")]
    public void What_stands_inline_is_found(string html) => Assert.Matches(Inline(), html);

    [Fact]
    public async Task What_a_page_loads_is_there_for_everybody_and_for_ever()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        var page = await browser.OpenAsync(world.Gateway.Page("/sign-in"));
        var assets = Regex.Matches(page.Html, "(?:href|src)=\"(/assets/[^\"]+)\"").Select(match => match.Groups[1].Value).Distinct().ToArray();

        var types = new List<string>();
        foreach (var asset in assets)
        {
            Assert.Matches(@"^/assets/[a-z]+\.[0-9a-f]{16}\.[a-z]+$", asset);
            using var answer = await world.Gateway.Management.GetAsync(asset);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString());
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            types.Add(answer.Content.Headers.ContentType!.MediaType!);
        }

        Assert.Equal(["image/svg+xml", "text/css", "text/javascript"], types.Order());
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html")]
    [InlineData("application/json", "application/problem+json")]
    [InlineData("*/*", "application/problem+json")]
    public async Task What_is_not_there_is_told_in_the_form_that_was_asked_for(string accept, string type)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        using var request = new HttpRequestMessage(HttpMethod.Get, world.Gateway.Page("/no/such/page"));
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var answer = await browser.SendAsync(request);

        Assert.Equal((HttpStatusCode.NotFound, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Blocks_to_copy_have_a_button_that_waits_for_the_script()
    {
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        var gateway = await world.AddGatewayWithAsync([.. world.StoreSettings(), "--Atlassian:ClientId="]);
        using var browser = new Browser();

        var page = await browser.SignInAsync(gateway);

        Assert.Equal("Set up the gateway", page.Heading);
        Assert.Equal(3, Regex.Count(page.Html, "<button type=\"button\" data-copy hidden>Copy</button>"));
        Assert.Contains("<pre>Atlassian__ClientId=…\nAtlassian__ClientSecret=…</pre>", WebUtility.HtmlDecode(page.Html), StringComparison.Ordinal);
    }

    private static void AssertHasNothingInline(string html) => Assert.DoesNotMatch(Inline(), html);

    [GeneratedRegex("<style|<script(?![^>]* src=)|<[^>]*\\s(style|on[a-z]+)\\s*=|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();
}
