using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V2;

public sealed class V2WriteTests : SimulatorTest
{
    private const string Demo = "98304";
    private const string Home = "98305";

    private string? _token;

    [Theory]
    [InlineData("pages")]
    [InlineData("blogposts")]
    public async Task Content_is_created_updated_and_deleted(string path)
    {
        var created = await SendAsync(HttpMethod.Post, path, new
        {
            spaceId = Demo,
            status = "current",
            title = "Fresh",
            body = new { representation = "storage", value = "<p>one</p>" },
        }).ReadAsync();
        Assert.Equal(1, created["version"]!["number"]!.GetValue<int>());

        var updated = await SendAsync(HttpMethod.Put, $"{path}/{created.Text("id")}", Update(created, 2, "Fresher")).ReadAsync();
        Assert.Equal(("Fresher", 2), (updated.Text("title"), updated["version"]!["number"]!.GetValue<int>()));
        var read = await SendAsync(HttpMethod.Get, $"{path}/{created.Text("id")}?body-format=storage").ReadAsync();
        Assert.Equal("<p>two</p>", read["body"]!["storage"]!.Text("value"));

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete, $"{path}/{created.Text("id")}").StatusAsync());
        var listed = (JsonArray)(await SendAsync(HttpMethod.Get, $"{path}?title=Fresher").ReadAsync())["results"]!;
        var trashed = (JsonArray)(await SendAsync(HttpMethod.Get, $"{path}?title=Fresher&status=trashed").ReadAsync())["results"]!;
        Assert.Equal((0, 1), (listed.Count, trashed.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_version_that_is_not_the_next_conflicts(int number)
    {
        var home = await SendAsync(HttpMethod.Get, $"pages/{Home}").ReadAsync();

        var body = await SendAsync(HttpMethod.Put, $"pages/{Home}", Update(home, number, home.Text("title"))).ReadAsync(HttpStatusCode.Conflict);

        Assert.Equal("CONFLICT", body["errors"]![0]!.Text("code"));
        Assert.Equal(2, (await SendAsync(HttpMethod.Get, $"pages/{Home}").ReadAsync())["version"]!["number"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_title_is_used_once_in_a_space()
    {
        var body = await SendAsync(HttpMethod.Post, "pages", new { spaceId = Demo, title = "Architecture" }).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Contains("already exists", body["errors"]![0]!.Text("title"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"title":"No space"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"spaceId":"98304"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"spaceId":"1","title":"Nowhere"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"spaceId":"98304","title":"Orphan","parentId":"1"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"spaceId":"98304","title":"Odd","body":"text"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"spaceId":"98304","title":"Odd","body":{"representation":"markdown","value":"x"}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"spaceId":"98304","title":"Odd","body":{"representation":"atlas_doc_format","value":"{"}}""", HttpStatusCode.BadRequest)]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    public async Task An_unusable_page_is_refused(string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        Assert.Equal(expected, await SendAsync(HttpMethod.Post, "pages", content).StatusAsync());
    }

    [Fact]
    public async Task A_page_goes_where_its_parent_says_and_else_below_the_homepage()
    {
        var below = await SendAsync(HttpMethod.Post, "pages", new { spaceId = Demo, title = "Below", parentId = "98306" }).ReadAsync();
        var loose = await SendAsync(HttpMethod.Post, "pages", new { spaceId = Demo, title = "Loose" }).ReadAsync();

        Assert.Equal(("98306", Home), (below.Text("parentId"), loose.Text("parentId")));
    }

    [Theory]
    [InlineData(Home)]
    [InlineData("98306")]
    [InlineData("98307")]
    public async Task A_page_cannot_hang_below_itself(string page)
    {
        var body = new
        {
            id = Home,
            status = "current",
            title = "Demonstration Home",
            parentId = page,
            body = new { representation = "storage", value = "" },
            version = new { number = 3 },
        };

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Put, $"pages/{Home}", body).StatusAsync());
    }

    [Fact]
    public async Task A_footer_comment_comes_with_its_location()
    {
        using var answer = await SendAsync(HttpMethod.Post, "footer-comments", new
        {
            pageId = Home,
            body = new { storage = new { representation = "storage", value = "<p>new</p>" } },
        });
        var comment = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($"/wiki/api/v2/footer-comments/{comment.Text("id")}", answer.Header("location"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, $"footer-comments/{comment.Text("id")}").StatusAsync());
    }

    [Fact]
    public async Task A_comment_is_answered_updated_and_deleted_with_its_answers()
    {
        var first = await SendAsync(HttpMethod.Post, "footer-comments", Comment(new { pageId = Home })).ReadAsync(HttpStatusCode.Created);
        var answer = await SendAsync(HttpMethod.Post, "footer-comments", Comment(new { parentCommentId = first.Text("id") })).ReadAsync(HttpStatusCode.Created);
        Assert.Equal((Home, first.Text("id")), (answer.Text("pageId"), answer.Text("parentCommentId")));

        var updated = await SendAsync(HttpMethod.Put, $"footer-comments/{first.Text("id")}", Comment(new { version = new { number = 2 } })).ReadAsync();
        Assert.Equal(2, updated["version"]!["number"]!.GetValue<int>());

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete, $"footer-comments/{first.Text("id")}").StatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, $"footer-comments/{answer.Text("id")}").StatusAsync());
    }

    [Fact]
    public async Task An_inline_comment_needs_its_selection_and_can_be_resolved()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Post, "inline-comments", Comment(new { pageId = Home })).StatusAsync());
        var comment = await SendAsync(HttpMethod.Post, "inline-comments", Comment(new
        {
            pageId = Home,
            inlineCommentProperties = new { textSelection = "wiki", textSelectionMatchCount = 1, textSelectionMatchIndex = 0 },
        })).ReadAsync(HttpStatusCode.Created);

        var resolved = await SendAsync(
            HttpMethod.Put, $"inline-comments/{comment.Text("id")}", Comment(new { version = new { number = 2 }, resolved = true })).ReadAsync();

        Assert.Equal("resolved", resolved.Text("resolutionStatus"));
    }

    [Fact]
    public async Task A_property_lives_through_its_versions()
    {
        var path = $"pages/{Home}/properties";
        var created = await SendAsync(HttpMethod.Post, path, new { key = "colour", value = new { name = "blue" } }).ReadAsync();
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(HttpMethod.Post, path, new { key = "colour", value = 1 }).StatusAsync());

        var one = $"{path}/{created.Text("id")}";
        var updated = await SendAsync(HttpMethod.Put, one, new { key = "colour", value = 7, version = new { number = 2 } }).ReadAsync();
        Assert.Equal((7, 2), (updated["value"]!.GetValue<int>(), updated["version"]!["number"]!.GetValue<int>()));
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(HttpMethod.Put, one, new { key = "colour", value = 8, version = new { number = 2 } }).StatusAsync());

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete, one).StatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, one).StatusAsync());
    }

    [Fact]
    public async Task An_attachment_is_trashed()
    {
        var attachment = (await SendAsync(HttpMethod.Get, "attachments").ReadAsync())["results"]![0]!;

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete, $"attachments/{attachment.Text("id")}").StatusAsync());

        Assert.Empty((JsonArray)(await SendAsync(HttpMethod.Get, "attachments").ReadAsync())["results"]!);
    }

    [Fact]
    public async Task Paging_goes_on_when_the_last_item_shown_is_deleted()
    {
        var first = await SendAsync(HttpMethod.Get, "pages/98306/children?limit=2").ReadAsync();
        await SendAsync(HttpMethod.Delete, $"pages/{first["results"]![0]!.Text("id")}").StatusAsync();

        var second = await SendAsync(HttpMethod.Get, first["_links"]!.Text("next")["/wiki/api/v2/".Length..]).ReadAsync();

        Assert.Equal("Getting started 3", second["results"]![0]!.Text("title"));
    }

    private static object Update(JsonNode content, int number, string title) => new
    {
        id = content.Text("id"),
        status = "current",
        title,
        body = new { representation = "storage", value = "<p>two</p>" },
        version = new { number },
    };

    private static JsonObject Comment(object members)
    {
        var comment = System.Text.Json.JsonSerializer.SerializeToNode(members)!.AsObject();
        comment["body"] = new JsonObject { ["representation"] = "storage", ["value"] = "<p>said</p>" };
        return comment;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null) =>
        await Simulator.ConfluenceAsync(_token ??= await Simulator.AccessTokenAsync(), $"/wiki/api/v2/{path}", method, body);
}
