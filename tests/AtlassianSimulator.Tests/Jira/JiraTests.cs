using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Jira;

public sealed class JiraTests(SharedSimulator shared) : IClassFixture<SharedSimulator>
{
    [Fact]
    public async Task Myself_is_the_account_that_consented()
    {
        var me = await GetAsync("myself").ReadAsync();

        Shape.Is(me, "self:string", "accountId:string", "accountType:string", "emailAddress:string", "displayName:string", "active:bool", "timeZone:string", "locale:string");
        Assert.Equal("Alice Archer", me.Text("displayName"));
    }

    [Fact]
    public async Task A_search_pages_by_start()
    {
        var first = await GetAsync("search?jql=project%3DDEMO&maxResults=5").ReadAsync();
        var last = await GetAsync("search?jql=project%3DDEMO&maxResults=5&startAt=10").ReadAsync();

        Shape.Is(first, "expand:string", "startAt:number", "maxResults:number", "total:number", "issues:array");
        Assert.Equal((5, 2), (((JsonArray)first["issues"]!).Count, ((JsonArray)last["issues"]!).Count));
    }

    [Theory]
    [InlineData("issue/DEMO-3")]
    [InlineData("issue/10003")]
    public async Task An_issue_is_found_by_key_and_by_id(string path)
    {
        var issue = await GetAsync(path).ReadAsync();

        Shape.Is(issue, "expand:string", "id:string", "self:string", "key:string", "fields:object");
        Assert.Equal("DEMO-3", issue.Text("key"));
    }

    [Fact]
    public async Task An_unknown_issue_is_jiras_own_404() =>
        Shape.Is(await GetAsync("issue/DEMO-99").ReadAsync(HttpStatusCode.NotFound), "errorMessages:array", "errors:object");

    private Task<HttpResponseMessage> GetAsync(string path) =>
        shared.Simulator.ApiAsync(shared.Token, $"/ex/jira/{RunningSimulator.Acme}/rest/api/3/{path}");
}
