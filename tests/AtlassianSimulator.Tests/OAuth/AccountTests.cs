using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.OAuth;

public sealed class AccountTests : SimulatorTest
{
    [Fact]
    public async Task Accessible_resources_lists_each_site_with_its_own_scopes()
    {
        var token = await Simulator.AccessTokenAsync("alice", "read:page:confluence", "delete:page:confluence", "offline_access", "read:me");

        var sites = (JsonArray)await ResourcesAsync(token).ReadAsync();

        Assert.Equal(2, sites.Count);
        foreach (var site in sites)
        {
            Shape.Is(site, "id:string", "url:string", "name:string", "scopes:array", "avatarUrl:string");
        }

        var acme = sites.Single(site => site!.Text("id") == RunningSimulator.Acme)!;
        var globex = sites.Single(site => site!.Text("id") == RunningSimulator.Globex)!;
        Assert.Equal(("https://acme.atlassian.net", "acme"), (acme.Text("url"), acme.Text("name")));
        Assert.Equal("""["read:page:confluence","delete:page:confluence"]""", acme["scopes"]!.ToJsonString());
        Assert.Equal("""["read:page:confluence"]""", globex["scopes"]!.ToJsonString());
    }

    [Fact]
    public async Task Accessible_resources_has_the_recorded_headers()
    {
        using var answer = await ResourcesAsync(await Simulator.AccessTokenAsync());

        Assert.Equal("application/json; charset=utf-8", answer.Header("content-type"));
        Assert.Equal("AtlassianEdge", answer.Header("server"));
        Assert.StartsWith("W/\"", answer.Header("etag"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_reaches_no_site() =>
        Assert.Equal("[]", (await ResourcesAsync(await Simulator.AccessTokenAsync("guest")).ReadAsync()).ToJsonString());

    [Fact]
    public async Task A_site_taken_away_is_gone_from_the_list_and_from_the_api()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        var (token, _) = await Simulator.RotateAsync(grant.RefreshToken);

        await Simulator.Control.RemoveSiteAsync(grant.Id, RunningSimulator.Acme);

        var left = Assert.Single((JsonArray)await ResourcesAsync(token).ReadAsync());
        Assert.Equal(RunningSimulator.Globex, left!.Text("id"));
        Assert.Equal(HttpStatusCode.Forbidden, await Simulator.ConfluenceAsync(token, "/wiki/api/v2/pages").StatusAsync());
    }

    [Fact]
    public async Task Without_a_good_token_the_lists_are_unauthorized()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await ResourcesAsync("eyJ.no.token").StatusAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await Simulator.ApiAsync("eyJ.no.token", "/me").StatusAsync());
    }

    [Fact]
    public async Task Me_tells_who_consented()
    {
        var me = await Simulator.ApiAsync(await Simulator.AccessTokenAsync("bob"), "/me").ReadAsync();

        Shape.Is(me, "account_type:string", "account_id:string", "email:string", "name:string", "picture:string", "account_status:string", "nickname:string");
        Assert.Equal("Bob Baker", me.Text("name"));
        Assert.Matches("^712020:[0-9a-f-]{36}$", me.Text("account_id"));
    }

    [Fact]
    public async Task Me_needs_its_scope()
    {
        using var answer = await Simulator.ApiAsync(await Simulator.AccessTokenAsync("bob", "read:page:confluence"), "/me");

        Assert.Equal((HttpStatusCode.Unauthorized, "FAILURE_CLIENT_SCOPE_CHECK"), (answer.StatusCode, answer.Header("X-Failure-Category")));
    }

    private Task<HttpResponseMessage> ResourcesAsync(string token) => Simulator.ApiAsync(token, "/oauth/token/accessible-resources");
}
