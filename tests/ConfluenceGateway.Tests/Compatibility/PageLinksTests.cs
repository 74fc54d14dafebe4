using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>A person who opens a page's link on the gateway comes to the site; an app's request is forwarded.</summary>
public sealed class PageLinksTests(Stores stores)
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData("/confluence/demo/wiki/spaces/DEMO/pages/123?focus=1", "/wiki/spaces/DEMO/pages/123?focus=1")]
    [InlineData("/confluence/demo/spaces/DEMO/overview", "/wiki/spaces/DEMO/overview")]
    [InlineData("/confluence/demo/wiki/x/gIAB", "/wiki/x/gIAB")]
    [InlineData("/confluence/demo/wiki/restricted", "/wiki/restricted")]
    [InlineData("/confluence/demo/wiki", "/wiki")]
    [InlineData("/confluence/demo/", "/wiki")]
    [InlineData("/confluence/demo", "/wiki")]
    [InlineData("/jira/demo/browse/ACME-1", "/browse/ACME-1")]
    public async Task A_browser_is_sent_to_the_site(string path, string page)
    {
        await using var world = await World.ConnectedAsync(stores);

        using var answer = await GetAsync(world, path, Browser);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("https://acme.atlassian.net" + page, answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/confluence/demo/wiki/rest/api/user/current", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2")]
    [InlineData("/confluence/demo/rest/api/user/current", Browser)]
    [InlineData("/confluence/demo/wiki/api/v2/pages", Browser)]
    [InlineData("/confluence/demo/wiki/spaces/DEMO/pages/123", "*/*")]
    [InlineData("/confluence/demo/wiki/spaces/DEMO/pages/123", "application/json")]
    public async Task An_app_is_forwarded(string path, string accept)
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Atlassian.ClearRequestsAsync();

        using var answer = await GetAsync(world, path, accept);

        Assert.Single(await world.Atlassian.GetRequestsAsync());
    }

    [Fact]
    public async Task A_page_is_found_when_the_grant_is_dead()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));

        using var answer = await GetAsync(world, "/confluence/demo/wiki/spaces/DEMO", Browser);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
    }

    [Fact]
    public async Task A_connection_that_is_not_there_or_paused_says_so_to_a_browser_too()
    {
        await using var world = await World.ConnectedAsync(stores);
        using var paused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null);

        using var refused = await GetAsync(world, "/confluence/demo/wiki/spaces/DEMO", Browser);
        using var unknown = await GetAsync(world, "/confluence/nobody/wiki/spaces/DEMO", Browser);

        await refused.ProblemAsync(HttpStatusCode.Forbidden, "connection-paused");
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "unknown-connection");
    }

    private static async Task<HttpResponseMessage> GetAsync(World world, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await world.Gateway.App.SendAsync(request);
    }
}
