using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin.SignIn;

/// <summary>Sign-in by an identity provider.</summary>
public sealed class OidcTests(Stores stores)
{
    [Theory]
    [InlineData("operator", "operator")]
    [InlineData("viewer", "viewer")]
    [InlineData("viewer something-else operator", "operator")]
    public async Task A_role_at_the_provider_is_a_role_here(string roles, string role)
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims["roles"] = roles.Split(' ');
        await using var world = await StartAsync(provider);
        using var browser = new Browser();
        var form = await browser.OpenAsync(world.Gateway.Page("/?from=a-link"));
        Assert.Contains("href=\"/sign-in/start?returnUrl=%2F%3Ffrom%3Da-link\"", form.Html, StringComparison.Ordinal);

        var page = await browser.OpenAsync(world.Gateway.Page("/sign-in/start?returnUrl=%2F%3Ffrom%3Da-link"));

        Assert.Equal((HttpStatusCode.OK, "/?from=a-link"), (page.Status, page.Url.PathAndQuery));
        Assert.Contains("<span class=\"name\">Ada Lovelace</span>", page.Html, StringComparison.Ordinal);
        Assert.Contains($"<span class=\"badge\">{role}</span>", page.Html, StringComparison.Ordinal);
        Assert.Equal("openid profile email", provider.Scope);
        Assert.Equal(world.Gateway.Page("/sign-in/oidc").AbsoluteUri, provider.RedirectUri);
        Assert.Equal(role == "operator" ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden, (await browser.SubmitAsync(world.Gateway.Page("/anything"), [])).Status);
        Assert.DoesNotContain(world.Gateway.Log.Lines, line => line.Contains("subject-1", StringComparison.Ordinal) || line.Contains(IdentityProvider.ClientSecret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_claim_the_roles_and_what_is_asked_for_can_be_named()
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims["groups"] = new[] { "wiki-admins" };
        provider.Claims.Remove("name");
        provider.Claims["email"] = "ada@example.com";
        await using var world = await StartAsync(
            provider, "--Admin:Oidc:RoleClaim=groups", "--Admin:Oidc:OperatorRole=wiki-admins", "--Admin:Oidc:ViewerRole=wiki-readers", "--Admin:Oidc:Scopes=openid groups", "--Admin:Oidc:CallbackPath=/sign-in/back");
        using var browser = new Browser();

        var page = await browser.OpenAsync(world.Gateway.Page("/sign-in/start"));

        Assert.Contains("<span class=\"name\">ada@example.com</span>", page.Html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"badge\">operator</span>", page.Html, StringComparison.Ordinal);
        Assert.Equal(("openid groups", world.Gateway.Page("/sign-in/back").AbsoluteUri), (provider.Scope, provider.RedirectUri));
    }

    [Theory]
    [InlineData("auditor")]
    [InlineData("Operator")]
    [InlineData("operator viewer")]
    public async Task Who_has_neither_role_is_told_and_stays_outside(string role)
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims["roles"] = role;
        provider.Claims["name"] = "<script>alert(1)</script>";
        await using var world = await StartAsync(provider);
        using var browser = new Browser();

        var page = await browser.OpenAsync(world.Gateway.Page("/sign-in/start"));

        Assert.Equal((HttpStatusCode.Forbidden, "You have no role here"), (page.Status, page.Heading));
        Assert.DoesNotContain("<script>", page.Html, StringComparison.Ordinal);
        Assert.Null(browser.Cookies.GetCookies(world.Gateway.Page("/"))["cgw-session"]);
        Assert.Equal("Sign in", (await browser.OpenAsync(world.Gateway.Page("/"))).Heading);
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("state")]
    [InlineData("audience")]
    [InlineData("signature")]
    public async Task An_answer_that_is_not_what_was_asked_for_signs_nobody_in(string spoilt)
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims["roles"] = "operator";
        provider.OtherNonce = spoilt == "nonce" ? "another-nonce" : null;
        provider.OtherState = spoilt == "state" ? "another-state" : null;
        provider.Audience = spoilt == "audience" ? "another-client" : IdentityProvider.ClientId;
        provider.IsForged = spoilt == "signature";
        await using var world = await StartAsync(provider);
        using var browser = new Browser();

        var page = await browser.OpenAsync(world.Gateway.Page("/sign-in/start"));

        Assert.Equal((HttpStatusCode.BadRequest, "The sign-in did not work"), (page.Status, page.Heading));
        Assert.Equal("Sign in", (await browser.OpenAsync(world.Gateway.Page("/"))).Heading);
    }

    [Fact]
    public async Task The_way_back_is_good_in_the_browser_that_began_alone()
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims["roles"] = "operator";
        await using var world = await StartAsync(provider);
        using var attacker = new Browser();
        using var victim = new Browser();
        var back = await attacker.OpenUntilAsync(world.Gateway.Page("/sign-in/start"), "/sign-in/oidc");

        var page = await victim.OpenAsync(back);

        Assert.Equal((HttpStatusCode.BadRequest, "The sign-in did not work"), (page.Status, page.Heading));
        Assert.Equal("Sign in", (await victim.OpenAsync(world.Gateway.Page("/"))).Heading);
    }

    [Fact]
    public async Task Behind_a_proxy_the_provider_is_given_the_public_address_and_the_cookies_are_secure()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var world = await StartAsync(provider, "--Admin:PublicUrl=https://admin.example.com");

        using var answer = await world.Gateway.Management.GetAsync("/sign-in/start?returnUrl=//evil.example.com");

        Assert.Contains("redirect_uri=https%3A%2F%2Fadmin.example.com%2Fsign-in%2Foidc&", answer.Headers.Location!.Query, StringComparison.Ordinal);
        Assert.Contains("response_type=code&", answer.Headers.Location.Query, StringComparison.Ordinal);
        Assert.Contains("code_challenge_method=S256", answer.Headers.Location.Query, StringComparison.Ordinal);
        Assert.Equal(2, answer.Headers.GetValues("Set-Cookie").Count());
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.Matches("; path=/sign-in/oidc; secure; samesite=lax; httponly", cookie));
    }

    [Fact]
    public async Task A_session_ends_when_the_roles_are_named_otherwise()
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims["roles"] = "operator";
        await using var world = await StartAsync(provider);
        await world.AddGatewayAsync([.. provider.Settings(), "--Admin:Oidc:OperatorRole=owners"]);
        await world.AddGatewayAsync();
        using var browser = new Browser();
        Assert.Equal("Overview", (await browser.OpenAsync(world.Gateway.Page("/sign-in/start"))).Heading);

        foreach (var other in world.Gateways.Skip(1))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, other.Page("/"));
            request.Headers.Add("Cookie", "cgw-session=" + browser.Cookies.GetCookies(world.Gateway.Page("/"))["cgw-session"]!.Value);
            using var answer = await other.Management.SendAsync(request);
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_told_and_the_key_still_opens()
    {
        await using var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Embedded), 1, $"--Admin:Oidc:Authority=http://127.0.0.1:{Ports.Take()}", "--Admin:Oidc:ClientId=gateway", "--Admin:Oidc:ClientSecret=of-no-use-here");
        using var browser = new Browser();

        var page = await browser.OpenAsync(world.Gateway.Page("/sign-in/start"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The identity provider does not answer"), (page.Status, page.Heading));
        Assert.Equal("Overview", (await browser.SignInAsync(world.Gateway)).Heading);
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_way_to_one()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();

        Assert.DoesNotContain("/sign-in/start", (await browser.OpenAsync(world.Gateway.Page("/sign-in"))).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(world.Gateway.Page("/sign-in/start"))).Status);
    }

    private Task<World> StartAsync(IdentityProvider provider, params string[] settings)
    {
        RunLog.AddSecret(IdentityProvider.ClientSecret);
        return World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, [.. provider.Settings(), .. settings]);
    }
}
