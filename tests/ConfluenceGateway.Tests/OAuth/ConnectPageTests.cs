using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>What every page keeps to, whatever it says.</summary>
public sealed class ConnectPageTests(Stores stores)
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    [Theory]
    [InlineData("/connect/demo?ticket=made-up", "This link does not work")]
    [InlineData("/connect/callback?state=made-up", "This consent cannot be finished")]
    [InlineData("the link of a connection with a site", "Connected")]
    [InlineData("the link of a connection without a site", "Which site?")]
    public async Task A_page_is_closed_to_caches_frames_referrers_and_scripts(string path, string heading)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo", path.EndsWith("without a site", StringComparison.Ordinal) ? null : "https://acme.atlassian.net");
        using var browser = new Browser();

        var page = path[0] == '/'
            ? await browser.OpenAsync(new Uri(world.Gateway.App.BaseAddress!, path))
            : await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        Assert.Equal(heading, page.Heading);
        AssertClosed(page, formAction: "'self'");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "http:")]
    [InlineData("https://auth.atlassian.com", "https:")]
    public async Task The_page_of_a_link_is_closed_but_for_the_way_to_Atlassian(string authBaseUrl, string scheme)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, $"--Atlassian:AuthBaseUrl={authBaseUrl}");
        await world.Gateway.CreateAsync("demo");
        using var browser = new Browser();

        var page = await browser.OpenAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays(HttpStatusCode.OK, "Connect demo to Confluence");
        AssertClosed(page, $"'self' {scheme}");
    }

    [Theory]
    [InlineData("https://acme.atlassian.net", "Connected")]
    [InlineData(null, "Which site?")]
    public async Task HTML_in_a_display_name_is_shown_as_text(string? siteUrl, string heading)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var made = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { displayName = Hostile, siteUrl });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var browser = new Browser();

        var link = await world.Gateway.ConnectLinkAsync("demo");
        AssertShowsAsText(await browser.OpenAsync(link));
        var page = await browser.ConnectAsync(link);

        Assert.Equal(heading, page.Heading);
        AssertShowsAsText(page);
    }

    [Fact]
    public async Task HTML_in_what_a_callback_brings_is_shown_as_text()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        using var browser = new Browser();

        var page = await browser.ComeBackWithAsync(world.Gateway, "demo", "error=odd&error_description=" + Uri.EscapeDataString(Hostile));

        AssertShowsAsText(page);
    }

    private static void AssertShowsAsText(PageSeen page)
    {
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(Hostile, WebUtility.HtmlDecode(page.Html), StringComparison.Ordinal);
    }

    private static void AssertClosed(PageSeen page, string formAction)
    {
        Assert.True(page.Headers.CacheControl?.NoStore);
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" on", string.Concat(page.Html.Split('<').Skip(1).Select(tag => tag.Split('>')[0])), StringComparison.OrdinalIgnoreCase);
        // The style sheet is the only thing that the policy allows.
        var style = page.Html.Split("<style>")[1].Split("</style>")[0];
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; form-action {formAction}; frame-ancestors 'none'; base-uri 'none'",
            Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
    }
}
