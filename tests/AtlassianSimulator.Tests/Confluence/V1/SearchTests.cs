using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class SearchTests(SharedSimulator shared) : IClassFixture<SharedSimulator>
{
    [Theory]
    [InlineData("type=page", 34)]
    [InlineData("type = blogpost", 4)]
    [InlineData("type in (page, blogpost)", 38)]
    [InlineData("type=page and space=ENG", 3)]
    [InlineData("type=page AND space = \"ENG\" OR type=attachment", 4)]
    [InlineData("type=page and (space=ENG or space=DEMO)", 34)]
    [InlineData("type=page and not space=ENG", 31)]
    [InlineData("type=page and space != ENG", 31)]
    [InlineData("title=\"Architecture 2\"", 1)]
    [InlineData("type=page and title ~ \"architecture\"", 6)]
    [InlineData("type=page and title !~ \"architecture\"", 28)]
    [InlineData("text ~ \"breathe\"", 1)]
    [InlineData("text ~ \"graphs & breathe\"", 1)]
    [InlineData("label = welcome", 1)]
    [InlineData("label in (welcome, demo)", 1)]
    [InlineData("ancestor = 98305", 30)]
    [InlineData("parent = 98305", 5)]
    [InlineData("id = 98305", 1)]
    [InlineData("id in (98305, 98306)", 2)]
    [InlineData("type=comment", 4)]
    [InlineData("type=page and lastmodified >= \"2024-03-05 17:00\" and space=DEMO", 1)]
    [InlineData("title = 'it\\'s not there'", 0)]
    public async Task Cql_finds(string cql, int count)
    {
        var found = await shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/rest/api/search?limit=100&cql={Uri.EscapeDataString(cql)}").ReadAsync();

        Assert.Equal(count, found["totalSize"]!.GetValue<int>());
        Assert.Equal(count, found["results"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("type=page order by title", "Architecture")]
    [InlineData("type=page order by title desc", "Runbook")]
    [InlineData("type=page order by created asc", "Demonstration Home")]
    [InlineData("order by id", "Demonstration Home")]
    public async Task Cql_orders(string cql, string first)
    {
        var found = await shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/rest/api/search?cql={Uri.EscapeDataString(cql)}").ReadAsync();

        Assert.Equal(first, found["results"]![0]!.Text("title"));
    }

    [Theory]
    [InlineData("type=page and")]
    [InlineData("(type=page")]
    [InlineData("colour=blue")]
    [InlineData("type=page order by")]
    [InlineData("type=page limit 5")]
    [InlineData("title ~ \"open")]
    [InlineData("created > yesterday")]
    public async Task What_is_not_cql_is_refused(string cql)
    {
        var error = await shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/rest/api/search?cql={Uri.EscapeDataString(cql)}")
            .ReadAsync(System.Net.HttpStatusCode.BadRequest);

        Assert.EndsWith($"Could not parse cql : {cql}", error.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search?cql=type=page&limit=6", 34)]
    [InlineData("content/search?cql=type=page&limit=6", 34)]
    [InlineData("content/98305/label?limit=1", 2)]
    [InlineData("content/98305/descendant/page?limit=7", 30)]
    public async Task Next_leads_to_every_item_once(string path, int items)
    {
        var (found, _) = await SiteReader.ReadAllAsync(shared.Simulator, shared.Token, $"/wiki/rest/api/{path}");

        Assert.Equal(items, found.Select(item => (item["content"] ?? item).Text("id")).Distinct().Count());
        Assert.Equal(items, found.Count);
    }

    [Fact]
    public async Task Start_alone_pages_too()
    {
        var page = await shared.Simulator.ConfluenceAsync(shared.Token, "/wiki/rest/api/content/search?cql=type=page&start=30&limit=10").ReadAsync();

        Assert.Equal((30, 4), (page["start"]!.GetValue<int>(), page["size"]!.GetValue<int>()));
        Assert.Null(page["_links"]!["next"]);
    }
}
