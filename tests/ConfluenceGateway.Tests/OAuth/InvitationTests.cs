using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>A link shows what it is for, and only the button of its page begins something.</summary>
public sealed class InvitationTests(Stores stores)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Opening_a_link_begins_nothing(string method)
    {
        await using var world = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), await world.Gateway.ConnectLinkAsync("demo"));

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.Empty(await world.StatesAsync());
        Assert.Equal(0, (await world.Atlassian.GetCountersAsync()).AuthorizeRequests);
    }

    [Fact]
    public async Task The_page_says_what_a_first_consent_is_for()
    {
        await using var world = await StartAsync();

        var text = (await OpenAsync(await world.Gateway.ConnectLinkAsync("demo"), "Connect Sales reports to Confluence")).Text();

        Assert.Contains("Nobody has connected it yet", text, StringComparison.Ordinal);
        Assert.Contains("https://acme.atlassian.net", text, StringComparison.Ordinal);
        Assert.Contains("with the rights of your account", text, StringComparison.Ordinal);
        Assert.Contains("Read and search what your account may see in Confluence", text, StringComparison.Ordinal);
        Assert.Contains("write:page:confluence", text, StringComparison.Ordinal);
        Assert.Contains("Any that is a user of the site", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callers_link_says_why_since_when_and_that_the_account_must_be_the_same()
    {
        await using var world = await StartAsync();
        await ConnectAsync(world);

        var text = (await OpenAsync(await world.RevokeAsync(), "Reconnect Sales reports to Confluence")).Text();

        Assert.Contains("Atlassian no longer accepts the consent that was given", text, StringComparison.Ordinal);
        Assert.Contains($"Interrupted since {world.Clock.GetUtcNow():d MMMM yyyy}", text, StringComparison.Ordinal);
        Assert.Contains("The same Atlassian account as before", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operators_link_to_what_works_says_that_nothing_needs_to_be_done()
    {
        await using var world = await StartAsync();
        await ConnectAsync(world);

        var text = (await OpenAsync(await world.Gateway.ConnectLinkAsync("demo"), "Sales reports is connected")).Text();

        Assert.Contains("nothing needs to be done", text, StringComparison.Ordinal);
        Assert.DoesNotContain("The same Atlassian account", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_button_answers_303_to_Atlassian_which_is_not_cached_and_gives_no_referrer()
    {
        await using var world = await StartAsync();
        var page = await world.Gateway.OpenPageAsync();

        using var answer = await world.Gateway.PressAsync(page.Form, page.Cookie);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith(world.SimulatorUrl + "authorize?", answer.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Single(await world.StatesAsync());
    }

    [Fact]
    public async Task The_cookie_is_lax_for_the_consent_alone_and_hidden_from_scripts()
    {
        await using var world = await StartAsync();

        using var answer = await world.Gateway.App.GetAsync(await world.Gateway.ConnectLinkAsync("demo"));

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/connect", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Behind_https_and_a_path_the_cookie_is_secure_and_all_is_for_that_path()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Gateway:PublicUrl=https://apps.example.com/gateway/");
        await world.Gateway.CreateAsync("demo");
        Assert.StartsWith("https://apps.example.com/gateway/connect/demo?ticket=", (await world.Gateway.ConnectLinkAsync("demo")).AbsoluteUri, StringComparison.Ordinal);

        var page = await world.Gateway.OpenPageAsync();
        using var answer = await world.Gateway.PressAsync(page.Form, page.Cookie);

        Assert.Contains("secure", page.Cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/gateway/connect", page.Cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("action=\"https://apps.example.com/gateway/connect/demo\"", page.Html, StringComparison.Ordinal);
        Assert.Contains(Uri.EscapeDataString("https://apps.example.com/gateway/connect/callback"), answer.Headers.Location!.AbsoluteUri, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("no cookie")]
    [InlineData("the cookie of another browser")]
    [InlineData("no token")]
    [InlineData("a made-up token")]
    [InlineData("a token for another connection")]
    public async Task A_form_that_its_own_page_did_not_send_begins_nothing_and_shows_the_page(string what)
    {
        await using var world = await StartAsync();
        await world.Gateway.CreateAsync("other");
        var (page, other) = (await world.Gateway.OpenPageAsync(), await world.Gateway.OpenPageAsync("other"));
        var form = page.Form;
        form["browser"] = what switch
        {
            "no token" => "",
            "a made-up token" => "made-up",
            "a token for another connection" => (await world.Gateway.OpenPageAsync("other", page.Cookie)).Form["browser"],
            _ => form["browser"],
        };

        using var answer = await world.Gateway.PressAsync(form, what switch
        {
            "no cookie" => null,
            "the cookie of another browser" => other.Cookie,
            _ => page.Cookie,
        });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Allow cookies for this site", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await world.StatesAsync());
    }

    [Fact]
    public async Task A_form_without_a_ticket_or_longer_than_any_is_refused()
    {
        await using var world = await StartAsync();
        var page = await world.Gateway.OpenPageAsync();

        using var without = await world.Gateway.PressAsync(new(page.Form) { ["ticket"] = "" }, page.Cookie);
        using var endless = await world.Gateway.PressAsync(new(page.Form) { ["more"] = new string('x', 100_000) }, page.Cookie);
        using var noForm = await world.Gateway.App.PostAsync("/connect/demo", new StringContent("ticket=made-up"));

        Assert.All([without, endless, noForm], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        Assert.Empty(await world.StatesAsync());
    }

    private async Task<World> StartAsync()
    {
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo", displayName: "Sales reports");
        return world;
    }

    private static async Task ConnectAsync(World world)
    {
        using var browser = new Browser();
        (await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"))).AssertSays(HttpStatusCode.OK, "Connected");
    }

    private static async Task<PageSeen> OpenAsync(Uri link, string heading)
    {
        using var browser = new Browser();
        var page = await browser.OpenAsync(link);
        page.AssertSays(HttpStatusCode.OK, heading);
        return page;
    }
}
