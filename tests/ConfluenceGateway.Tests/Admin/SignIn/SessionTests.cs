using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin.SignIn;

/// <summary>How a session begins, what it is made of, and when it ends.</summary>
public sealed class SessionTests(Stores stores)
{
    [Fact]
    public async Task The_admin_key_opens_the_page_that_was_asked_for()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        var asked = await browser.OpenAsync(world.Gateway.Page("/?from=a-link"));
        Assert.Equal("Sign in", asked.Heading);

        var page = await browser.SignInAsync(world.Gateway, returnUrl: asked.Hidden("returnUrl"));

        Assert.Equal("/?from=a-link", page.Url.PathAndQuery);
        Assert.Equal("Overview", page.Heading);
        Assert.Contains("<span class=\"name\">admin key</span>", page.Html, StringComparison.Ordinal);
        Assert.Equal("/", (await browser.OpenAsync(world.Gateway.Page("/sign-in"))).Url.PathAndQuery);
    }

    [Theory]
    [InlineData("a-wrong-key-of-some-length")]
    [InlineData("")]
    [InlineData(World.AdminKey + "x")]
    [InlineData("Bearer " + World.AdminKey)]
    public async Task A_wrong_key_opens_nothing_and_is_not_shown_again(string key)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();

        var page = await browser.SignInAsync(world.Gateway, key);

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Contains("This is not the key", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Length == 0 ? World.AdminKey : key, page.Html, StringComparison.Ordinal);
        Assert.Equal("Sign in", (await browser.OpenAsync(world.Gateway.Page("/"))).Heading);
    }

    [Theory]
    [InlineData("//evil.example.com")]
    [InlineData("/\\evil.example.com")]
    [InlineData("\\\\evil.example.com")]
    [InlineData("https://evil.example.com/")]
    [InlineData("https:/evil.example.com")]
    [InlineData("%2F%2Fevil.example.com")]
    [InlineData("/\t/evil.example.com")]
    [InlineData("/\r\nSet-Cookie: a=b")]
    [InlineData(" //evil.example.com")]
    [InlineData("javascript:alert(1)")]
    [InlineData("~//evil.example.com")]
    [InlineData("evil.example.com")]
    [InlineData("")]
    public async Task A_link_to_sign_in_cannot_lead_elsewhere(string returnUrl)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        var form = await browser.OpenAsync(world.Gateway.Page("/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl)));
        Assert.Equal("/", form.Hidden("returnUrl"));

        // Nor can a field that was changed.
        using var answer = await PostAsync(browser, world.Gateway, new() { [PageSeen.FormToken] = form.Token, ["returnUrl"] = returnUrl, ["key"] = World.AdminKey });
        using var again = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, world.Gateway.Page("/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl))));

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
        Assert.Equal("/", again.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_cookies_are_closed_to_scripts_and_to_other_sites()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        var (session, form) = await CookiesAsync(world.Gateway);

        Assert.Matches("; path=/; samesite=lax; httponly$", session);
        Assert.Matches("; path=/; samesite=strict; httponly$", form);
        Assert.DoesNotContain(World.AdminKey, session, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_https_the_cookies_are_secure()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Admin:PublicUrl=https://admin.example.com");

        var (session, form) = await CookiesAsync(world.Gateway);

        Assert.Matches("; path=/; secure; samesite=lax; httponly$", session);
        Assert.Matches("; path=/; secure; samesite=strict; httponly$", form);
    }

    [Fact]
    public async Task A_session_that_somebody_planted_is_not_the_one_that_is_signed_in()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Admin:ViewerApiKey=cgwa_the-key-of-the-attacker");
        using var attacker = new Browser();
        await attacker.SignInAsync(world.Gateway, "cgwa_the-key-of-the-attacker");
        var planted = attacker.Cookies.GetCookies(world.Gateway.Page("/"))["cgw-session"]!.Value;
        using var victim = new Browser();
        var form = await victim.OpenAsync(world.Gateway.Page("/sign-in"));
        victim.Cookies.Add(world.Gateway.Page("/"), new Cookie("cgw-session", "CfDJ8made-up-and-known-to-somebody"));

        using var answer = await PostAsync(victim, world.Gateway, new() { [PageSeen.FormToken] = form.Token, ["key"] = World.AdminKey });
        var own = victim.Cookies.GetCookies(world.Gateway.Page("/"))["cgw-session"]!.Value;

        Assert.NotEqual("CfDJ8made-up-and-known-to-somebody", own);
        Assert.Contains(">operator</span>", (await victim.OpenAsync(world.Gateway.Page("/"))).Html, StringComparison.Ordinal);
        Assert.NotEqual(planted, own);
        Assert.Contains(">viewer</span>", (await attacker.OpenAsync(world.Gateway.Page("/"))).Html, StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task Every_replica_takes_the_session_and_the_form_of_another(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), 2);
        using var browser = new Browser();
        var page = await browser.SignInAsync(world.Gateway);

        Assert.Equal("Overview", (await browser.OpenAsync(world.Gateways[1].Page("/"))).Heading);
        Assert.Equal("Sign in", (await browser.SubmitAsync(world.Gateways[1].Page("/sign-out"), new() { [PageSeen.FormToken] = page.Token })).Heading);
        Assert.Equal("Sign in", (await browser.OpenAsync(world.Gateway.Page("/"))).Heading);
    }

    [Fact]
    public async Task A_session_lasts_as_long_as_it_is_used_and_a_day_at_most()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        using var idle = new Browser();
        await browser.SignInAsync(world.Gateway);
        await idle.SignInAsync(world.Gateway);

        foreach (var hours in new[] { 5, 10, 15, 20 })
        {
            await world.AdvanceAsync(TimeSpan.FromHours(5));
            Assert.True((await browser.OpenAsync(world.Gateway.Page("/"))).Heading == "Overview", $"after {hours} hours of use");
        }

        Assert.Equal("Sign in", (await idle.OpenAsync(world.Gateway.Page("/"))).Heading);
        await world.AdvanceAsync(TimeSpan.FromHours(4.1));
        Assert.Equal("Sign in", (await browser.OpenAsync(world.Gateway.Page("/"))).Heading);
    }

    private static async Task<(string Session, string Form)> CookiesAsync(TestGateway gateway)
    {
        using var shown = await gateway.Management.GetAsync("/sign-in");
        var page = new PageSeen(shown.StatusCode, await shown.Content.ReadAsStringAsync(), gateway.Page("/sign-in"), shown.Headers);
        var form = Assert.Single(shown.Headers.GetValues("Set-Cookie"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent(new Dictionary<string, string> { [PageSeen.FormToken] = page.Token, ["key"] = World.AdminKey }) };
        request.Headers.Add("Cookie", form.Split(';')[0]);
        using var signedIn = await gateway.Management.SendAsync(request);
        return (Assert.Single(signedIn.Headers.GetValues("Set-Cookie")), form);
    }

    private static Task<HttpResponseMessage> PostAsync(Browser browser, TestGateway gateway, Dictionary<string, string> form) =>
        browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, gateway.Page("/sign-in")) { Content = new FormUrlEncodedContent(form) });
}
