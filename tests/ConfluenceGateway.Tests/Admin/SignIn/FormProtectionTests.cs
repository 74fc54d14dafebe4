using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin.SignIn;

/// <summary>No other site can make a signed-in browser act.</summary>
public sealed class FormProtectionTests(Stores stores)
{
    [Fact]
    public async Task Every_endpoint_that_acts_outside_the_API_refuses_what_is_posted_without_a_token()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var signedIn = new Browser();
        await signedIn.SignInAsync(world.Gateway);
        using var stranger = new Browser();
        var endpoints = ActingEndpoints.Of(world.Gateway).Where(endpoint => !endpoint.Path.StartsWith("/api/", StringComparison.Ordinal)).ToArray();
        // These two are there at least; a frame without them would make this test an empty one.
        Assert.Superset(new HashSet<string> { "/sign-in", "/sign-out" }, endpoints.Select(endpoint => endpoint.Path).ToHashSet());

        foreach (var (method, path) in endpoints)
        {
            foreach (var token in new string?[] { null, "", "made-up", (await stranger.OpenAsync(world.Gateway.Page("/sign-in"))).Token })
            {
                using var answer = await PostAsync(signedIn, world.Gateway, path, token, method: method);
                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{method} {path} answers {answer.StatusCode} to the token '{token?[..Math.Min(8, token.Length)]}'");
                Assert.Contains("<h1>This form is no longer good</h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        Assert.Equal("Overview", (await signedIn.OpenAsync(world.Gateway.Page("/"))).Heading);
    }

    [Fact]
    public async Task A_key_is_not_taken_from_a_form_of_another_site()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();

        var page = await browser.SubmitAsync(world.Gateway.Page("/sign-in"), new() { ["key"] = World.AdminKey });

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("Sign in", (await browser.OpenAsync(world.Gateway.Page("/"))).Heading);
    }

    [Fact]
    public async Task The_token_of_one_session_is_not_good_in_another()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        var old = (await browser.SignInAsync(world.Gateway)).Token;
        await browser.SubmitAsync(world.Gateway.Page("/sign-out"), new() { [PageSeen.FormToken] = old });
        var current = (await browser.SignInAsync(world.Gateway)).Token;

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SubmitAsync(world.Gateway.Page("/sign-out"), new() { [PageSeen.FormToken] = old })).Status);
        Assert.Equal("Sign in", (await browser.SubmitAsync(world.Gateway.Page("/sign-out"), new() { [PageSeen.FormToken] = current })).Heading);
    }

    [Theory]
    [InlineData("https://evil.example.com", false)]
    [InlineData("null", false)]
    [InlineData("http://127.0.0.1:1", false)]
    [InlineData("its own", true)]
    [InlineData(null, true)]
    public async Task Where_a_form_came_from_is_looked_at_beside_its_token(string? origin, bool isTaken)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        var page = await browser.SignInAsync(world.Gateway);

        using var answer = await PostAsync(browser, world.Gateway, "/sign-out", page.Token, origin == "its own" ? world.Gateway.Page("/").GetLeftPart(UriPartial.Authority) : origin);

        Assert.Equal(isTaken ? HttpStatusCode.Found : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Behind_a_proxy_the_origin_is_the_public_one()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Admin:PublicUrl=https://admin.example.com/");
        foreach (var (origin, status) in new[] { ("https://admin.example.com", HttpStatusCode.Forbidden), ("http://admin.example.com", HttpStatusCode.BadRequest) })
        {
            using var shown = await world.Gateway.Management.GetAsync("/sign-in");
            var page = new PageSeen(shown.StatusCode, await shown.Content.ReadAsStringAsync(), world.Gateway.Page("/"), shown.Headers);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent(new Dictionary<string, string> { [PageSeen.FormToken] = page.Token, ["key"] = "wrong" }) };
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Cookie", Assert.Single(shown.Headers.GetValues("Set-Cookie")).Split(';')[0]);

            using var answer = await world.Gateway.Management.SendAsync(request);

            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_refused()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        var form = await browser.OpenAsync(world.Gateway.Page("/sign-in"));

        var page = await browser.SubmitAsync(world.Gateway.Page("/sign-in"), new() { [PageSeen.FormToken] = form.Token, ["key"] = new string('x', 70_000) });

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
    }

    private static async Task<HttpResponseMessage> PostAsync(Browser browser, TestGateway gateway, string path, string? token, string? origin = null, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), gateway.Page(path))
        {
            Content = new FormUrlEncodedContent(token is null ? [] : new Dictionary<string, string> { [PageSeen.FormToken] = token }),
        };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await browser.SendAsync(request);
    }
}
