using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence;

/// <summary>Drafts and the trash, which both versions of the API must see alike.</summary>
public sealed class DraftTests : ServedV1Test
{
    [Fact]
    public async Task A_draft_is_there_only_for_those_who_ask_for_it()
    {
        var id = await DraftAsync();

        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, $"content/{id}").StatusAsync());
        Assert.Equal("draft", (await GetAsync($"content/{id}?status=draft")).Text("status"));
        Assert.Equal(HttpStatusCode.NotFound, await V2Async(HttpMethod.Get, $"pages/{id}").StatusAsync());
        Assert.Equal("draft", (await V2Async(HttpMethod.Get, $"pages/{id}?get-draft=true").ReadAsync()).Text("status"));
    }

    [Fact]
    public async Task A_draft_is_listed_only_when_drafts_are()
    {
        var id = await DraftAsync();

        Assert.DoesNotContain(id, await IdsAsync("content?spaceKey=DEMO&limit=100"));
        Assert.Equal([id], await IdsAsync("content?spaceKey=DEMO&status=draft"));
        Assert.Contains(id, await IdsAsync("content?spaceKey=DEMO&status=any&limit=100"));
    }

    [Fact]
    public async Task The_query_alone_can_make_it_a_draft() =>
        Assert.Equal("draft", (await SendAsync(HttpMethod.Post, "content?status=draft", Draft(status: null)).ReadAsync()).Text("status"));

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task V1_publishes_a_draft_as_its_first_version(string method)
    {
        var id = await DraftAsync();

        var published = await SendAsync(new HttpMethod(method), method == "PUT" ? $"content/{id}" : "content", Publishing(id)).ReadAsync();

        Assert.Equal((id, "current", 1), (published.Text("id"), published.Text("status"), published["version"]!["number"]!.GetValue<int>()));
        Assert.Equal("Published", (await GetAsync($"content/{id}")).Text("title"));
    }

    [Fact]
    public async Task V2_updates_a_draft_and_publishes_it_as_its_first_version()
    {
        var id = await DraftAsync();

        await V2Async(HttpMethod.Put, $"pages/{id}", V2Update(id, "draft", 1)).ReadAsync();
        Assert.Equal(HttpStatusCode.NotFound, await V2Async(HttpMethod.Get, $"pages/{id}").StatusAsync());
        await V2Async(HttpMethod.Put, $"pages/{id}", V2Update(id, "current", 2)).ReadAsync(HttpStatusCode.Conflict);
        var published = await V2Async(HttpMethod.Put, $"pages/{id}", V2Update(id, "current", 1)).ReadAsync();

        Assert.Equal(("current", 1), (published.Text("status"), published["version"]!["number"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_draft_is_not_updated_by_v1()
    {
        var id = await DraftAsync();

        var update = Draft("draft");
        update["version"] = new JsonObject { ["number"] = 2 };

        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(HttpMethod.Put, $"content/{id}", update).StatusAsync());
    }

    [Fact]
    public async Task A_draft_is_deleted_for_good_when_that_is_what_is_asked()
    {
        var (first, second) = (await DraftAsync(), await DraftAsync());

        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Delete, $"content/{first}").StatusAsync());
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete, $"content/{first}?status=draft").StatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await V2Async(HttpMethod.Delete, $"pages/{second}").StatusAsync());
        Assert.Equal(HttpStatusCode.NoContent, await V2Async(HttpMethod.Delete, $"pages/{second}?draft=true").StatusAsync());

        Assert.Empty(await IdsAsync("content?spaceKey=DEMO&status=draft"));
        Assert.Empty(await IdsAsync("content?spaceKey=DEMO&status=trashed"));
    }

    [Fact]
    public async Task What_is_published_is_not_deleted_as_a_draft() =>
        Assert.Equal(HttpStatusCode.NotFound, await V2Async(HttpMethod.Delete, "pages/98307?draft=true").StatusAsync());

    [Fact]
    public async Task An_update_brings_trashed_content_back()
    {
        await SendAsync(HttpMethod.Delete, "content/98307").StatusAsync();
        await SendAsync(HttpMethod.Delete, "content/98308").StatusAsync();
        var change = new { type = "page", title = "Getting started 1", version = new { number = 2 } };
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Put, "content/98307", change).StatusAsync());

        await SendAsync(HttpMethod.Put, "content/98307", new { type = "page", status = "current", version = new { number = 2 } }).ReadAsync();
        await V2Async(HttpMethod.Put, "pages/98308", V2Update("98308", "current", 2)).ReadAsync();

        Assert.Equal(("current", "Getting started 1"), ((await GetAsync("content/98307")).Text("status"), (await GetAsync("content/98307")).Text("title")));
        Assert.Equal("current", (await GetAsync("content/98308")).Text("status"));
    }

    [Fact]
    public async Task Trashed_content_is_read_and_purged_when_that_is_what_is_asked()
    {
        await SendAsync(HttpMethod.Delete, "content/98307").StatusAsync();

        Assert.Equal("trashed", (await GetAsync("content/98307?status=trashed")).Text("status"));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete, "content/98307?status=trashed").StatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "content/98307?status=any").StatusAsync());
    }

    [Fact]
    public async Task A_status_content_does_not_have_does_not_find_it()
    {
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "content/98307?status=trashed").StatusAsync());
        Assert.Equal("historical", (await GetAsync("content/98305?status=historical&version=1")).Text("status"));
    }

    private static JsonObject Draft(string? status)
    {
        var draft = new JsonObject { ["type"] = "page", ["title"] = "Not yet", ["space"] = new JsonObject { ["key"] = "DEMO" } };
        if (status is not null)
        {
            draft["status"] = status;
        }

        return draft;
    }

    private static object Publishing(string id) => new { id, type = "page", status = "current", title = "Published", version = new { number = 1 }, body = Storage("<p>x</p>") };

    private static object V2Update(string id, string status, int number) => new
    {
        id,
        status,
        title = $"Title of {id}",
        body = new { representation = "storage", value = "<p>x</p>" },
        version = new { number },
    };

    private async Task<string> DraftAsync() => (await SendAsync(HttpMethod.Post, "content", Draft("draft")).ReadAsync()).Text("id");

    private async Task<List<string>> IdsAsync(string path) => [.. (await GetAsync(path))["results"]!.AsArray().Select(content => content!.Text("id"))];
}
