using System.Net;
using AtlassianSimulator.Control;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>What comes back from Atlassian, and who brings it.</summary>
public sealed class CallbackTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task A_consent_connects_and_the_app_is_served(StoreKind store)
    {
        await using var world = await StartAsync(store);
        using var browser = new Browser();

        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays(HttpStatusCode.OK, "Connected");
        var shown = await world.Gateway.ShowAsync("demo");
        Assert.Equal("active", shown.GetProperty("state").GetString());
        Assert.Equal(1, shown.GetProperty("generation").GetInt64());
        Assert.Equal(World.AcmeCloudId, shown.GetProperty("cloudId").GetString());
        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_authorize_request_asks_for_what_Atlassian_wants()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();

        var authorize = await browser.ConnectUntilAsync(await world.Gateway.ConnectLinkAsync("demo"), "/authorize");

        var query = QueryHelpers.ParseQuery(authorize.Query);
        Assert.Equal("api.atlassian.com", query["audience"]);
        Assert.Equal(World.ClientId, query["client_id"]);
        Assert.Equal("code", query["response_type"]);
        Assert.Equal("consent", query["prompt"]);
        Assert.Equal(new Uri(world.Gateway.App.BaseAddress!, Consents.CallbackPath).AbsoluteUri, query["redirect_uri"]);
        Assert.Contains("offline_access", query["scope"].ToString().Split(' '));
    }

    [Fact]
    public async Task Declining_at_Atlassian_changes_nothing_and_offers_to_try_again()
    {
        await using var world = await StartAsync();
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = false });
        using var browser = new Browser();
        var question = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        var page = await browser.SubmitAsync(new Uri(world.SimulatorUrl, "/authorize"), new() { ["transaction"] = question.Hidden("transaction"), ["decision"] = "decline" });

        page.AssertSays(HttpStatusCode.BadRequest, "You declined");
        Assert.Contains("/connect/demo?ticket=", page.Html, StringComparison.Ordinal);
        await world.Gateway.AssertNotConnectedAsync("demo");
    }

    [Theory]
    [InlineData("error=access_denied&error_description=User+did+not+authorize+the+request", "You declined")]
    [InlineData("error=server_error&error_description=Try+later", "server_error: Try later")]
    [InlineData("error=invalid_scope", "invalid_scope")]
    [InlineData("code=", "neither a code nor an error came back")]
    [InlineData("", "neither a code nor an error came back")]
    [InlineData("code=made-up", "authorization_code is invalid")]
    public async Task An_answer_without_a_good_code_stores_nothing_and_is_told(string answer, string told)
    {
        await using var world = await StartAsync();
        using var browser = new Browser();

        var page = await browser.ComeBackWithAsync(world.Gateway, "demo", answer);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains(told, WebUtility.HtmlDecode(page.Html), StringComparison.Ordinal);
        await world.Gateway.AssertNotConnectedAsync("demo");
    }

    [Fact]
    public async Task What_Atlassian_finds_wrong_with_the_request_is_shown()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();

        var page = await browser.ConsentWithAsync(world.Gateway, "demo", "response_type", _ => "token");

        page.AssertSays(HttpStatusCode.BadRequest, "Atlassian refused");
        Assert.Contains("unsupported_response_type: response_type must be code", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state=cgws_forged&code=made-up")]
    [InlineData("state=&code=made-up")]
    [InlineData("code=made-up")]
    [InlineData("error=access_denied")]
    [InlineData("")]
    public async Task A_state_that_was_not_given_out_is_refused(string query)
    {
        await using var world = await StartAsync();
        using var browser = new Browser();
        await browser.ConsentForAsync(world.Gateway, "demo");

        var page = await browser.OpenAsync(new Uri(world.Gateway.App.BaseAddress!, $"{Consents.CallbackPath}?{query}"));

        page.AssertSays(HttpStatusCode.BadRequest, "This consent cannot be finished");
        await world.Gateway.AssertNotConnectedAsync("demo");
    }

    [Theory, EveryStore]
    public async Task A_state_works_once(StoreKind store)
    {
        await using var world = await StartAsync(store);
        using var browser = new Browser();
        var callback = await browser.ConsentForAsync(world.Gateway, "demo");
        (await browser.OpenAsync(callback)).AssertSays(HttpStatusCode.OK, "Connected");

        var page = await browser.OpenAsync(callback);

        page.AssertSays(HttpStatusCode.BadRequest, "This consent cannot be finished");
        Assert.Equal(1, (await world.Gateway.ShowAsync("demo")).GetProperty("generation").GetInt64());
    }

    [Theory, EveryStore]
    public async Task A_state_is_forgotten_after_ten_minutes(StoreKind store)
    {
        await using var world = await StartAsync(store);
        using var browser = new Browser();
        var callback = await browser.ConsentForAsync(world.Gateway, "demo");
        var state = QueryHelpers.ParseQuery(callback.Query)["state"].ToString();
        var (redis, key) = (world.Gateway.Services.GetRequiredService<RedisConnection>().Database, world.Gateway.Services.GetRequiredService<RedisKeys>().State(Secret.FingerprintOf(state)));
        Assert.InRange((await redis.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));

        // The store's own clock counts; it cannot be moved, so the rest of the ten minutes is cut off.
        await redis.KeyExpireAsync(key, TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(async () => !await redis.KeyExistsAsync(key), "the state is forgotten");
        var page = await browser.OpenAsync(callback);

        page.AssertSays(HttpStatusCode.BadRequest, "This consent cannot be finished");
        await world.Gateway.AssertNotConnectedAsync("demo");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_the_browser_that_began_a_consent_may_finish_it(bool hasCookieOfItsOwn)
    {
        await using var world = await StartAsync();
        using var victim = new Browser();
        using var attacker = new Browser();
        var callback = await attacker.ConsentForAsync(world.Gateway, "demo");
        if (hasCookieOfItsOwn)
        {
            await victim.ConsentForAsync(world.Gateway, "demo");
        }

        var page = await victim.OpenAsync(callback);

        page.AssertSays(HttpStatusCode.BadRequest, "This consent was begun in another browser");
        await world.Gateway.AssertNotConnectedAsync("demo");
        Assert.Empty(await world.Atlassian.GetGrantsAsync()); // The code was not even exchanged.
    }

    [Fact]
    public async Task Two_tabs_of_one_browser_can_each_finish()
    {
        await using var world = await StartAsync();
        await world.Gateway.CreateAsync("other");
        using var browser = new Browser();
        var first = await browser.ConsentForAsync(world.Gateway, "demo");
        var second = await browser.ConsentForAsync(world.Gateway, "other");

        (await browser.OpenAsync(second)).AssertSays(HttpStatusCode.OK, "Connected");
        (await browser.OpenAsync(first)).AssertSays(HttpStatusCode.OK, "Connected");
    }

    [Fact]
    public async Task A_connection_deleted_meanwhile_is_not_brought_back()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();
        var callback = await browser.ConsentForAsync(world.Gateway, "demo");
        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");

        var page = await browser.OpenAsync(callback);

        page.AssertSays(HttpStatusCode.NotFound, "There is no such connection");
        using var shown = await world.Gateway.Operator.GetAsync("/api/v1/connections/demo");
        Assert.Equal(HttpStatusCode.NotFound, shown.StatusCode);
    }

    private async Task<World> StartAsync(StoreKind store = StoreKind.Embedded)
    {
        var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        return world;
    }
}
