using System.Net;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin.SignIn;

/// <summary>What ends sessions and stops attempts to begin one.</summary>
public sealed class SessionEndTests(Stores stores)
{
    [Fact]
    public async Task A_new_key_ends_the_sessions_of_the_old_one_and_no_others()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "key");
        await File.WriteAllTextAsync(file, "the-first-admin-key");
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        var gateway = await world.AddGatewayWithAsync(
            [.. world.Settings().Where(setting => !setting.StartsWith("--Admin:ApiKey=", StringComparison.Ordinal)), $"--Admin:ApiKeyFile={file}", "--Admin:ViewerApiKey=the-key-of-the-viewers"]);
        using var browser = new Browser();
        using var viewer = new Browser();
        Assert.Equal("Overview", (await browser.SignInAsync(gateway, "the-first-admin-key")).Heading);
        Assert.Equal("Overview", (await viewer.SignInAsync(gateway, "the-key-of-the-viewers")).Heading);

        await File.WriteAllTextAsync(file, "the-second-admin-key");

        await Eventually.TrueAsync(async () => (await browser.OpenAsync(gateway.Page("/"))).Heading == "Sign in", "the session of the old key ends");
        Assert.Equal("Overview", (await viewer.OpenAsync(gateway.Page("/"))).Heading);
        Assert.Equal("Overview", (await browser.SignInAsync(gateway, "the-second-admin-key")).Heading);
    }

    [Fact]
    public async Task Who_signs_out_is_out()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        var page = await browser.SignInAsync(world.Gateway);

        await browser.SubmitAsync(world.Gateway.Page("/sign-out"), new() { [PageSeen.FormToken] = page.Token });

        Assert.Null(browser.Cookies.GetCookies(world.Gateway.Page("/"))["cgw-session"]);
        Assert.Equal("Sign in", (await browser.OpenAsync(world.Gateway.Page("/"))).Heading);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/Sign-In/")]
    public async Task Guessing_is_stopped_after_twenty_attempts_a_minute_even_with_the_right_key(string path)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        var form = await browser.OpenAsync(world.Gateway.Page("/sign-in"));
        Task<PageSeen> TryAsync(string key) => browser.SubmitAsync(world.Gateway.Page(path), new() { [PageSeen.FormToken] = form.Token, ["key"] = key });
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await TryAsync("a-wrong-key")).Status);
        }

        var stopped = await TryAsync(World.AdminKey);

        Assert.Equal(HttpStatusCode.TooManyRequests, stopped.Status);
        Assert.Equal("Too many attempts to sign in", stopped.Heading);
        Assert.InRange(stopped.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("Sign in", (await browser.OpenAsync(world.Gateway.Page("/sign-in"))).Heading);
        // Nobody else is held up by it.
        using var api = await world.Gateway.Operator.GetAsync("/api/v1/connections");
        Assert.Equal(HttpStatusCode.OK, api.StatusCode);
    }

    [Fact]
    public async Task Without_the_store_pages_say_so_and_the_API_still_knows_who_may()
    {
        await using var world = await World.StartAsync($"127.0.0.1:{Ports.Take()}");
        using var browser = new Browser();

        foreach (var path in new[] { "/", "/sign-in", "/no/such/page" })
        {
            var page = await browser.OpenAsync(world.Gateway.Page(path));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "The store is out of reach"), (page.Status, page.Heading));
            Assert.NotNull(page.Headers.RetryAfter);
        }

        using var style = await world.Gateway.Management.GetAsync(Regex.Match((await browser.OpenAsync(world.Gateway.Page("/"))).Html, "/assets/admin[^\"]+").Value);
        Assert.Equal(HttpStatusCode.OK, style.StatusCode);
        using var denied = await world.Gateway.Management.GetAsync("/api/v1/connections");
        await denied.ProblemAsync(HttpStatusCode.Unauthorized, "admin-unauthorized");
        using var known = await world.Gateway.Operator.GetAsync("/api/v1/connections");
        await known.ProblemAsync(HttpStatusCode.ServiceUnavailable, "store-unavailable");
    }
}
