using System.Net;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>The token is rejected in the middle of the calls that serve one.</summary>
public sealed class RejectedFanOutTests(Stores stores)
{
    private const string List = "content?limit=25&expand=body.view";

    [Fact]
    public async Task Parallel_calls_that_are_all_rejected_share_one_refresh()
    {
        await using var world = await WorldAsync();
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.FalseUnauthorized, FaultEndpoint.Confluence) { Skip = 1, Times = 8 });

        var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", List);

        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
        Assert.Equal(25, reply.Json!["size"]!.GetValue<int>());
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
        Assert.Equal(8, (await world.Atlassian.GetRequestsAsync()).Count(request => request.Status == 401));
    }

    [Fact]
    public async Task A_token_that_ends_in_the_middle_is_refreshed_once_and_the_caller_sees_nothing()
    {
        await using var world = await WorldAsync();
        await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", List);
        await world.Atlassian.ClearRequestsAsync();
        await world.Atlassian.ExpireAccessTokensAsync((await world.GrantAsync()).Id);

        var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", List);

        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
        Assert.Single(await world.Atlassian.GetRequestsAsync(), request => request.Status == 401);
    }

    [Fact]
    public async Task A_write_that_was_rejected_is_sent_again_and_done_once()
    {
        await using var world = await WorldAsync();
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.FalseUnauthorized, FaultEndpoint.Confluence) { Skip = 1, Times = 1 });

        var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "POST", "content", """{"type":"page","title":"Once","space":{"key":"DEMO"}}""");

        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
        var writes = (await world.Atlassian.GetRequestsAsync()).Where(request => request.Method == "POST").ToArray();
        Assert.Equal([401, 200], writes.Select(write => write.Status));
        Assert.Equal(writes[0].BodySha256, writes[1].BodySha256);
    }

    [Theory]
    [InlineData(List, 3, null)]
    [InlineData("content/98305?expand=version", 0, "/rest/api/user/bulk")]
    public async Task A_grant_that_is_dead_in_the_middle_is_told_as_for_any_request(string path, int before, string? below)
    {
        await using var world = await WorldAsync();
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.FalseUnauthorized, FaultEndpoint.Confluence)
        {
            Skip = before,
            PathPrefix = below is null ? null : $"/ex/confluence/{World.AcmeCloudId}/wiki{below}",
        });

        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/rest/api/" + path);

        var problem = await answer.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
        Assert.StartsWith("http", problem.GetProperty("reconnectUrl").GetString(), StringComparison.Ordinal);
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.InRange((await world.Atlassian.GetRequestsAsync()).Count, 1, before + 8);
    }

    [Fact]
    public async Task A_grant_that_dies_after_a_write_does_not_hide_the_write()
    {
        await using var world = await WorldAsync();
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.FalseUnauthorized, FaultEndpoint.Confluence) { PathPrefix = $"/ex/confluence/{World.AcmeCloudId}/wiki/api/v2/pages/" });

        var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "POST", "content", """{"type":"page","title":"Last","space":{"key":"DEMO"},"ancestors":[{"id":"98305"}]}""");

        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
        Assert.Contains("'ancestors' could not be read", Assert.Single(reply.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("content/98305?expand=body.view,children.page,metadata.labels")]
    [InlineData("content/98345/property")]
    public async Task A_token_that_ends_on_its_way_and_is_taken_for_nobodys_costs_the_caller_nothing(string path)
    {
        await using var world = await WorldAsync();
        await world.Atlassian.UpdateSettingsAsync(new() { ExpiredAccessToken = AtlassianSimulator.ExpiredAccessToken.Anonymous });
        await world.AdvanceAsync(TimeSpan.FromMinutes(57));
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Confluence) { Duration = TimeSpan.FromSeconds(5), Times = 1 });

        var call = V1Reply.OfAsync(world.Gateway.App, "demo", "GET", path);
        await Eventually.TrueAsync(async () => (await world.GrantAsync()).Exchanges == 1, "the refresh ahead is over, so this is about the old token");
        await world.AdvanceAsync(TimeSpan.FromMinutes(4));

        var reply = await call;
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
    }

    [Fact]
    public async Task A_scope_that_is_missing_for_one_of_the_calls_is_told_as_it_came_and_burns_no_rotation()
    {
        await using var world = await WithScopesAsync("read:page:confluence read:space:confluence read:confluence-user read:confluence-content.summary");

        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/rest/api/content/98305?expand=metadata.labels");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("""{"code":401,"message":"Unauthorized; scope does not match"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("FAILURE_CLIENT_SCOPE_CHECK", Assert.Single(answer.Headers.GetValues("X-Failure-Category")));
        Assert.Equal(0, (await world.GrantAsync()).Exchanges);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task When_users_may_not_be_looked_up_the_content_comes_without_their_names(int status)
    {
        await using var world = await WorldAsync();
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence)
        {
            Code = status,
            Body = """{"code":401,"message":"Unauthorized; scope does not match"}""",
            PathPrefix = $"/ex/confluence/{World.AcmeCloudId}/wiki/rest/api/user/bulk",
        });

        var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", "content/98305?expand=version");

        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
        var by = reply.Json!["version"]!["by"]!;
        Assert.NotNull(by["accountId"]);
        Assert.Null(by["displayName"]);
        Assert.Equal(0, (await world.GrantAsync()).Exchanges);
    }

    private Task<World> WorldAsync() => World.ConnectedAsync(stores, "--Compatibility:V1=Always");

    private Task<World> WithScopesAsync(string scopes) => World.ConnectedAsync(stores, "--Compatibility:V1=Always", $"--Atlassian:Scopes={scopes} offline_access");
}
