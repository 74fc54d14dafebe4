using System.Net;
using System.Net.Http.Headers;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin.SignIn;

/// <summary>Who gets through to what on the management listener.</summary>
public sealed class AccessTests(Stores stores)
{
    private const string ViewerKey = "cgwa_the-viewers-key-of-the-tests";

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("HEAD", "/")]
    [InlineData("GET", "/connections")]
    [InlineData("GET", "/no/such/page.css")]
    [InlineData("GET", "//api/v1/connections")]
    [InlineData("GET", "/apiary")]
    [InlineData("POST", "/connections")]
    [InlineData("DELETE", "/anything")]
    [InlineData("POST", "/sign-out")]
    public async Task No_page_is_shown_to_who_is_not_signed_in(string method, string path)
    {
        await using var world = await StartAsync();
        foreach (var (authorization, cookie) in new (string?, string?)[]
        {
            (null, null), ("Bearer " + World.AdminKey, null), ("Basic " + World.AdminKey, null), (null, "cgw-session=" + World.AdminKey), (null, "cgw-session=CfDJ8made-up"), (null, "cgw-session="),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), world.Gateway.Management.BaseAddress!.OriginalString.TrimEnd('/') + path);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            request.Headers.TryAddWithoutValidation("Cookie", cookie);

            using var answer = await world.Gateway.Management.SendAsync(request);

            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            Assert.StartsWith("/sign-in?returnUrl=%2F", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
            Assert.True(answer.Headers.CacheControl?.NoStore);
            Assert.Empty(await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task The_way_to_the_page_that_was_asked_for_is_kept_and_that_of_a_post_is_not()
    {
        await using var world = await StartAsync();

        using var asked = await world.Gateway.Management.GetAsync("/audit?since=2026&a=b");
        using var posted = await world.Gateway.Management.PostAsync("/connections/demo/pause?x=1", null);

        Assert.Equal("/sign-in?returnUrl=%2Faudit%3Fsince%3D2026%26a%3Db", asked.Headers.Location!.OriginalString);
        Assert.Equal("/sign-in?returnUrl=%2F", posted.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task Probes_and_metrics_need_no_sign_in_and_take_a_broken_one(string path)
    {
        await using var world = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Cookie", "cgw-session=CfDJ8made-up");

        using var answer = await world.Gateway.Management.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/connections")]
    [InlineData("POST", "/api/v1/connections/demo/pause")]
    [InlineData("GET", "/API/v1/nothing-here")]
    public async Task The_API_takes_no_session(string method, string path)
    {
        await using var world = await StartAsync();
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);

        using var answer = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), world.Gateway.Page(path)));

        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "admin-unauthorized");
    }

    [Fact]
    public async Task The_viewers_key_reads_all_of_the_API_and_changes_nothing()
    {
        await using var world = await StartAsync();
        await world.Gateway.CreateAsync("demo");
        world.Gateway.Management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ViewerKey);

        foreach (var path in new[] { "/api/v1/connections", "/api/v1/connections/demo", "/api/v1/connections/demo/events" })
        {
            using var read = await world.Gateway.Management.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }

        foreach (var (method, path) in new[]
        {
            ("PUT", "/api/v1/connections/demo"), ("DELETE", "/api/v1/connections/demo"), ("POST", "/api/v1/connections/demo/pause"), ("POST", "/api/v1/connections/demo/connect-link"),
            ("POST", "/api/v1/connections/demo/import"), ("PATCH", "/api/v1/connections/demo"), ("POST", "/api/nothing-here"), ("OPTIONS", "/api/v1/connections"),
        })
        {
            using var refused = await world.Gateway.Management.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
            await refused.ProblemAsync(HttpStatusCode.Forbidden, "admin-forbidden");
        }

        Assert.Equal("pending", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Without_a_viewers_key_an_empty_one_opens_nothing()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        foreach (var authorization in new[] { "Bearer", "Bearer ", "Bearer  " })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/connections");
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await world.Gateway.Management.SendAsync(request);
            await answer.ProblemAsync(HttpStatusCode.Unauthorized, "admin-unauthorized");
        }

        using var browser = new Browser();
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SignInAsync(world.Gateway, key: "")).Status);
    }

    [Fact]
    public async Task A_viewer_sees_the_pages_and_who_posts_as_one_is_told()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();
        var page = await browser.SignInAsync(world.Gateway, ViewerKey);
        Assert.Contains("<span class=\"badge\">viewer</span>", page.Html, StringComparison.Ordinal);

        var refused = await browser.SubmitAsync(world.Gateway.Page("/connections/demo/pause"), new() { [PageSeen.FormToken] = page.Token });

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal("Only operators may do this", refused.Heading);
        Assert.Equal("Sign in", (await browser.SubmitAsync(world.Gateway.Page("/sign-out"), new() { [PageSeen.FormToken] = page.Token })).Heading);
    }

    [Fact]
    public async Task No_endpoint_that_acts_takes_a_viewer_but_the_way_in_and_out()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();
        var token = (await browser.SignInAsync(world.Gateway, ViewerKey)).Token;
        var endpoints = ActingEndpoints.Of(world.Gateway).Where(endpoint => endpoint.Path is not ("/sign-in" or "/sign-out" or "/metrics" or "/health/live" or "/health/ready")).ToArray();
        Assert.Superset(new HashSet<string> { "/api/v1/connections/demo", "/demo" }, endpoints.Select(endpoint => endpoint.Path).ToHashSet());

        foreach (var (method, path) in endpoints)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), world.Gateway.Page(path))
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string> { [PageSeen.FormToken] = token }),
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", ViewerKey) },
            };
            using var answer = await browser.SendAsync(request);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path} answers {answer.StatusCode}");
        }
    }

    private Task<World> StartAsync() => World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, $"--Admin:ViewerApiKey={ViewerKey}");
}
