using System.Net;
using System.Net.Http.Headers;
using AtlassianSimulator.Control;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Edge;

public sealed class AdmissionTests : SimulatorTest
{
    private const string Pages = "/wiki/api/v2/pages";

    [Theory]
    [InlineData("/wiki/api/v2/pages")]
    [InlineData("/api/v2/pages")]
    [InlineData("/wiki/rest/api/user/current")]
    [InlineData("/rest/api/user/current")]
    public async Task A_good_token_passes_with_and_without_wiki(string path) =>
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(await Simulator.AccessTokenAsync(), path).StatusAsync());

    [Fact]
    public async Task An_unknown_token_is_unauthorized()
    {
        var body = await Simulator.ConfluenceAsync("eyJ.no.token", Pages).ReadAsync(HttpStatusCode.Unauthorized);

        Assert.Equal("""{"code":401,"message":"Unauthorized"}""", body.ToJsonString());
    }

    [Fact]
    public async Task A_request_without_credentials_is_unauthorized() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await Simulator.Http.GetAsync($"/ex/confluence/{RunningSimulator.Acme}{Pages}").StatusAsync());

    [Fact]
    public async Task An_access_token_lasts_an_hour()
    {
        var token = await Simulator.AccessTokenAsync();
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(token, Pages).StatusAsync());

        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.Unauthorized, await Simulator.ConfluenceAsync(token, Pages).StatusAsync());
    }

    [Fact]
    public async Task All_access_tokens_issued_so_far_can_be_made_to_die()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        var (first, next) = await Simulator.RotateAsync(grant.RefreshToken);

        await Simulator.Control.ExpireAccessTokensAsync(grant.Id);

        Assert.Equal(HttpStatusCode.Unauthorized, await Simulator.ConfluenceAsync(first, Pages).StatusAsync());
        var (second, _) = await Simulator.RotateAsync(next);
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(second, Pages).StatusAsync());
    }

    [Theory]
    [InlineData("/wiki/api/v2/pages", HttpStatusCode.NotFound)]
    [InlineData("/wiki/rest/api/search?cql=type=page", HttpStatusCode.Forbidden)]
    public async Task An_expired_token_may_count_as_nobody(string path, HttpStatusCode expected)
    {
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { ExpiredAccessToken = ExpiredAccessToken.Anonymous });

        Assert.Equal(expected, await Simulator.ConfluenceAsync("eyJ.old.token", path).StatusAsync());
    }

    [Fact]
    public async Task A_missing_scope_is_told_apart_from_a_bad_token()
    {
        using var answer = await Simulator.ConfluenceAsync(await Simulator.AccessTokenAsync("alice", "read:space:confluence"), Pages);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("FAILURE_CLIENT_SCOPE_CHECK", answer.Header("X-Failure-Category"));
        Assert.Equal("""{"code":401,"message":"Unauthorized; scope does not match"}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("read:confluence-user", "/wiki/rest/api/user/current", HttpStatusCode.OK)]
    [InlineData("read:confluence-user", "/wiki/api/v2/pages", HttpStatusCode.Unauthorized)]
    [InlineData("read:page:confluence", "/wiki/api/v2/pages", HttpStatusCode.OK)]
    [InlineData("read:page:confluence", "/wiki/rest/api/user/current", HttpStatusCode.Unauthorized)]
    public async Task Classic_scopes_open_v1_and_granular_ones_v2(string scope, string path, HttpStatusCode expected) =>
        Assert.Equal(expected, await Simulator.ConfluenceAsync(await Simulator.AccessTokenAsync("alice", scope), path).StatusAsync());

    [Fact]
    public async Task A_scope_withheld_on_one_site_is_missing_there_only()
    {
        var token = await Simulator.AccessTokenAsync();

        Assert.Equal(HttpStatusCode.NotFound, await Simulator.ConfluenceAsync(token, $"{Pages}/1", HttpMethod.Delete).StatusAsync());
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await Simulator.ConfluenceAsync(token, $"{Pages}/1", HttpMethod.Delete, site: RunningSimulator.Globex).StatusAsync());
    }

    [Fact]
    public async Task A_site_the_token_does_not_reach_is_forbidden()
    {
        var body = await Simulator.ConfluenceAsync(await Simulator.AccessTokenAsync("bob"), Pages, site: RunningSimulator.Globex)
            .ReadAsync(HttpStatusCode.Forbidden);

        Assert.Equal("""{"message":"Current user not permitted to use Confluence","statusCode":403}""", body.ToJsonString());
    }

    [Theory]
    [InlineData("/ex/confluence/33333333-3333-4333-8333-333333333333/wiki/api/v2/pages")]
    [InlineData("/wiki/api/v2/pages")]
    [InlineData("/ex/trello/11111111-1111-4111-8111-111111111111/boards")]
    public async Task A_wrong_base_is_the_gateways_own_404(string path)
    {
        var body = await Simulator.ApiAsync(await Simulator.AccessTokenAsync(), path).ReadAsync(HttpStatusCode.NotFound);

        Shape.Is(body, "timestamp:time", "status:number", "error:string", "message:string", "path:string");
        Assert.Equal(path, body.Text("path"));
    }

    [Fact]
    public async Task Basic_credentials_do_not_match()
    {
        using var answer = await Simulator.ConfluenceAsync("", Pages, change: request =>
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", "YWxpY2VAZXhhbXBsZS5jb206dG9rZW4="));

        Assert.Equal((HttpStatusCode.Unauthorized, "FAILURE_CLIENT_AUTH_MISMATCH"), (answer.StatusCode, answer.Header("x-failure-category")));
    }

    [Fact]
    public async Task A_header_of_sixty_thousand_characters_is_taken()
    {
        var token = await Simulator.AccessTokenAsync();

        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(
            token, Pages, change: request => request.Headers.Add("X-Long", new string('x', 60_000))).StatusAsync());
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(token, $"{Pages}?ignored={new string('x', 60_000)}").StatusAsync());
    }
}
