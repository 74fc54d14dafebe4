using System.Net;
using System.Net.Http.Json;
using System.Text;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>Atlassian answers 401 on a token that should be good.</summary>
public sealed class RejectedTokenTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Theory, EveryStore]
    public async Task One_refresh_and_one_replay_and_the_caller_sees_200(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);
        await world.Atlassian.ExpireAccessTokensAsync((await world.GrantAsync()).Id);

        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
        Assert.Equal([401, 200], (await world.Atlassian.GetRequestsAsync()).TakeLast(2).Select(request => request.Status));
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_replays_total{outcome=\"replayed\"}"));
    }

    [Fact]
    public async Task A_hundred_callers_with_a_rejected_token_share_one_refresh()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);
        await world.Atlassian.ExpireAccessTokensAsync((await world.GrantAsync()).Id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => world.Gateway.App.GetAsync(Pages)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }

    [Fact]
    public async Task A_write_is_replayed_with_its_body_and_done_once()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);
        var spaceId = await SpaceIdAsync(world);
        await world.Atlassian.ExpireAccessTokensAsync((await world.GrantAsync()).Id);
        var page = new { spaceId, status = "current", title = "Written once", body = new { representation = "storage", value = "<p>once</p>" } };

        using var answer = await world.Gateway.App.PostAsJsonAsync("/confluence/demo/wiki/api/v2/pages", page);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var writes = (await world.Atlassian.GetRequestsAsync()).Where(request => request.Method == "POST").ToArray();
        Assert.Equal([401, 200], writes.Select(write => write.Status));
        Assert.Equal(writes[0].BodySha256, writes[1].BodySha256);
    }

    [Fact]
    public async Task A_body_too_long_to_keep_is_answered_with_retry_request_after_the_refresh()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Replay:MaxBodyBytes=1000");
        await world.Gateway.ConnectAsync("demo");
        await world.Atlassian.ExpireAccessTokensAsync((await world.GrantAsync()).Id);
        StringContent Body() => new("{\"title\":\"" + new string('x', 5_000) + "\"}", Encoding.UTF8, "application/json");

        using var first = await world.Gateway.App.PostAsync("/confluence/demo/wiki/api/v2/pages", Body());
        await first.ProblemAsync(HttpStatusCode.ServiceUnavailable, "retry-request");
        Assert.Equal(TimeSpan.FromSeconds(1), first.Headers.RetryAfter?.Delta);
        using var second = await world.Gateway.App.PostAsync("/confluence/demo/wiki/api/v2/pages", Body());

        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode); // Confluence's own: the page names no space.
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }

    [Fact]
    public async Task A_missing_scope_is_passed_on_and_burns_no_rotation()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        var minted = await world.Atlassian.MintGrantAsync("alice", [World.AcmeCloudId], ["read:space:confluence", "read:confluence-user", "offline_access"]);
        using var imported = await world.Gateway.Operator.PostAsJsonAsync("/api/v1/connections/demo/import", new { refreshToken = minted.RefreshToken });
        Assert.Equal(HttpStatusCode.OK, imported.StatusCode);

        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("""{"code":401,"message":"Unauthorized; scope does not match"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal(1, (await world.GrantAsync()).Exchanges); // The import's own.
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_upstream_rejections_total{kind=\"scope\"}"));
    }

    [Fact]
    public async Task A_401_that_no_token_can_help_is_passed_on_and_not_refreshed_for_again()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);

        for (var call = 0; call < 10; call++)
        {
            using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/download/thumbnails/1/a.png");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.NotEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }

    [Fact]
    public async Task A_false_401_passes_with_one_refresh()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.FalseUnauthorized, FaultEndpoint.Confluence) { Times = 1 });

        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }

    [Theory]
    [InlineData(Pages)]
    [InlineData("/confluence/demo/wiki/rest/api/user/current")]
    public async Task A_token_that_ends_on_its_way_and_is_taken_for_nobodys_costs_the_caller_nothing(string path)
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);
        await world.Atlassian.UpdateSettingsAsync(new() { ExpiredAccessToken = AtlassianSimulator.ExpiredAccessToken.Anonymous });
        await world.AdvanceAsync(TimeSpan.FromMinutes(57));
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Confluence) { Duration = TimeSpan.FromSeconds(5), Times = 1 });

        var call = world.Gateway.App.GetAsync(path);
        await Eventually.TrueAsync(async () => (await world.GrantAsync()).Exchanges == 1, "the refresh ahead is over, so this is about the old token");
        await world.AdvanceAsync(TimeSpan.FromMinutes(4));
        using var answer = await call;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_404_with_a_good_token_is_about_the_content()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);

        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages/999999");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(0, (await world.GrantAsync()).Exchanges);
    }

    [Fact]
    public async Task A_long_body_that_waits_for_100_continue_is_not_lost_to_a_rejected_token()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Replay:MaxBodyBytes=1000");
        await world.Gateway.ConnectAsync("demo");
        await world.Atlassian.ExpireAccessTokensAsync((await world.GrantAsync()).Id);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/confluence/demo/wiki/api/v2/pages")
        {
            Content = new StringContent("{\"title\":\"" + new string('x', 500_000) + "\"}", Encoding.UTF8, "application/json"),
        };
        request.Headers.ExpectContinue = true;

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode); // Confluence's own: the page names no space.
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }

    private async Task<World> ConnectedAsync(StoreKind store)
    {
        var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        return world;
    }

    private static async Task<string> SpaceIdAsync(World world) =>
        (await world.Gateway.App.GetFromJsonAsync<System.Text.Json.JsonElement>("/confluence/demo/wiki/api/v2/spaces?keys=DEMO")).GetProperty("results")[0].GetProperty("id").GetString()!;
}
