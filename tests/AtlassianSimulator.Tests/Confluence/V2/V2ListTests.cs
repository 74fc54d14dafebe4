using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V2;

public sealed class V2ListTests(SharedSimulator shared) : IClassFixture<SharedSimulator>
{
    [Theory]
    [InlineData("pages?limit=7", 34, 5)]
    [InlineData("pages?limit=34", 34, 1)]
    [InlineData("pages?limit=1&sort=-title", 34, 34)]
    [InlineData("pages?space-id=98304&limit=10", 31, 4)]
    [InlineData("spaces?limit=1", 2, 2)]
    [InlineData("blogposts?limit=3", 4, 2)]
    [InlineData("footer-comments?limit=2", 3, 2)]
    [InlineData("pages/98305/labels?limit=1", 2, 2)]
    [InlineData("pages/98305/properties?limit=1", 2, 2)]
    [InlineData("pages/98305/versions?limit=1", 2, 2)]
    [InlineData("pages/98305/children?limit=2", 5, 3)]
    public async Task Next_leads_to_every_item_once(string path, int items, int requests)
    {
        var (found, made) = await SiteReader.ReadAllAsync(shared.Simulator, shared.Token, $"/wiki/api/v2/{path}");

        Assert.Equal(items, found.Count);
        Assert.Equal(items, found.Select(item => item["id"]?.ToString() ?? item["number"]!.ToString()).Distinct().Count());
        Assert.Equal(requests, made);
    }

    [Fact]
    public async Task Next_is_also_a_link_header_and_keeps_the_parameters()
    {
        using var answer = await shared.Simulator.ConfluenceAsync(shared.Token, "/wiki/api/v2/pages?space-id=98304&limit=2&body-format=storage");
        var next = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["_links"]!.Text("next");

        Assert.StartsWith("/wiki/api/v2/pages?space-id=98304&limit=2&body-format=storage&cursor=", next, StringComparison.Ordinal);
        Assert.Contains($"<{next}>; rel=\"next\"", answer.Header("link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_wiki_in_the_path_next_still_has_it()
    {
        var page = await shared.Simulator.ConfluenceAsync(shared.Token, "/api/v2/pages?limit=2").ReadAsync();

        Assert.StartsWith("/wiki/api/v2/pages?limit=2&cursor=", page["_links"]!.Text("next"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sort=title", "Architecture")]
    [InlineData("sort=-id", "Runbook")]
    [InlineData("sort=-modified-date", "Runbook")]
    [InlineData("sort=created-date", "Demonstration Home")]
    [InlineData("title=architecture%202", "Architecture 2")]
    [InlineData("id=98306,98305&sort=-id", "Getting started")]
    public async Task Filters_and_orders_decide_what_comes_first(string query, string title)
    {
        var page = await shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/api/v2/pages?{query}").ReadAsync();

        Assert.Equal(title, page["results"]![0]!.Text("title"));
    }

    [Theory]
    [InlineData("pages?limit=0")]
    [InlineData("pages?limit=251")]
    [InlineData("pages?limit=many")]
    [InlineData("pages?cursor=nonsense")]
    [InlineData("pages?cursor=bm9uc2Vuc2U%3D")]
    [InlineData("pages?sort=size")]
    [InlineData("pages?status=lost")]
    [InlineData("pages?space-id=DEMO")]
    [InlineData("pages?body-format=markdown")]
    [InlineData("pages?body-format=view")]
    [InlineData("pages/abc")]
    [InlineData("spaces?sort=size")]
    public async Task A_bad_parameter_is_named(string path)
    {
        var body = await shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/api/v2/{path}").ReadAsync(HttpStatusCode.BadRequest);

        var error = Assert.Single((JsonArray)body["errors"]!);
        Shape.Is(error, "status:number", "code:string", "title:string", "detail:string?");
        Assert.Equal((400, "INVALID_REQUEST_PARAMETER"), (error!["status"]!.GetValue<int>(), error.Text("code")));
    }

    [Theory]
    [InlineData("pages/1")]
    [InlineData("blogposts/98305")]
    [InlineData("spaces/1")]
    [InlineData("pages/1/labels")]
    [InlineData("attachments/att1")]
    [InlineData("footer-comments/98305")]
    [InlineData("pages/98305/properties/1")]
    [InlineData("nothing")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        var body = await shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/api/v2/{path}").ReadAsync(HttpStatusCode.NotFound);

        Assert.Equal("""{"errors":[{"status":404,"code":"NOT_FOUND","title":"Not Found","detail":null}]}""", body.ToJsonString());
    }

    [Fact]
    public async Task The_two_sites_hold_their_own_content()
    {
        var globex = await shared.Simulator.ConfluenceAsync(shared.Token, "/wiki/api/v2/pages", site: RunningSimulator.Globex).ReadAsync();

        Assert.Equal("https://globex.atlassian.net/wiki", globex["_links"]!.Text("base"));
        Assert.Equal(
            HttpStatusCode.NotFound,
            await shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/api/v2/pages/{globex["results"]![0]!.Text("id")}").StatusAsync());
    }
}
