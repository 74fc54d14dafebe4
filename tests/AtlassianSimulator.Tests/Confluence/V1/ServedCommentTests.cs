using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class ServedCommentTests : ServedV1Test
{
    private const string Expansions = "expand=ancestors,container,extensions.inlineProperties,extensions.resolution";

    [Theory]
    [InlineData("98340", "footer", "footer-comments")]
    [InlineData("98343", "inline", "inline-comments")]
    public async Task An_answer_is_of_the_kind_of_the_comment_it_answers(string id, string location, string path)
    {
        var answer = await CreateAsync(new { ancestors = new[] { new { id } }, container = new { id = "98305", type = "page" } }).ReadAsync();

        var read = await GetAsync($"content/{answer.Text("id")}?{Expansions}");
        Assert.Equal((id, "98305"), (read["ancestors"]![0]!.Text("id"), read["container"]!.Text("id")));
        Assert.Equal(location, read["extensions"]!.Text("location"));
        Assert.Equal(id, (await V2Async(HttpMethod.Get, $"{path}/{answer.Text("id")}").ReadAsync()).Text("parentCommentId"));
    }

    [Fact]
    public async Task An_inline_comment_hangs_on_a_selection()
    {
        var inline = new { location = "inline", inlineProperties = new { originalSelection = "wiki" } };

        var created = await CreateAsync(new { container = new { id = "98305", type = "page" }, extensions = inline }).ReadAsync();

        var extensions = (await GetAsync($"content/{created.Text("id")}?{Expansions}"))["extensions"]!;
        Shape.Is(extensions, "location:string", "inlineProperties:object", "resolution:object", "_expandable:object");
        Shape.Is(extensions["inlineProperties"], "originalSelection:string", "markerRef:string");
        Assert.Equal(("wiki", "open"), (extensions["inlineProperties"]!.Text("originalSelection"), extensions["resolution"]!.Text("status")));
    }

    [Fact]
    public async Task A_comment_that_hangs_on_nothing_is_refused()
    {
        var container = new { id = "98305", type = "page" };

        Assert.Equal(HttpStatusCode.BadRequest, await CreateAsync(new { container, extensions = new { location = "inline" } }).StatusAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await CreateAsync(new { }).StatusAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await CreateAsync(new { container, ancestors = new[] { new { id = "98306" } } }).StatusAsync());
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await CreateAsync(new { container = new { id = "98306", type = "page" }, ancestors = new[] { new { id = "98340" } } }).StatusAsync());
    }

    [Fact]
    public async Task Comments_are_listed_by_where_they_are_and_how_deep()
    {
        Assert.Equal(["98340", "98342", "98343"], await ListAsync(""));
        Assert.Equal(["98340", "98341", "98342", "98343"], await ListAsync("?depth=all"));
        Assert.Equal(["98340", "98342"], await ListAsync("?location=footer"));
        Assert.Equal(["98343"], await ListAsync("?location=inline"));
        Assert.Empty(await ListAsync("?location=resolved"));
        Assert.Equal(["98340", "98342", "98343"], await ListAsync("?location=footer&location=inline"));
    }

    [Fact]
    public async Task A_resolved_comment_says_by_whom_and_is_listed_as_resolved()
    {
        await V2Async(HttpMethod.Put, "inline-comments/98343", new
        {
            version = new { number = 2 },
            resolved = true,
            body = new { representation = "storage", value = "<p>Yes.</p>" },
        }).ReadAsync();

        Assert.Equal(["98343"], await ListAsync("?location=resolved"));
        Assert.Empty(await ListAsync("?location=inline"));
        var resolution = (await GetAsync($"content/98343?{Expansions}"))["extensions"]!["resolution"];
        Shape.Is(resolution, "status:string", "lastModifier:object", "lastModifiedDate:time");
        Assert.Equal("resolved", resolution!.Text("status"));
    }

    [Fact]
    public async Task What_is_not_expanded_of_the_extensions_is_named()
    {
        var extensions = (await GetAsync("content/98343"))["extensions"];

        Shape.Is(extensions, "location:string", "_expandable:object");
        Shape.Is(extensions!["_expandable"], "inlineProperties:string", "resolution:string");
    }

    private async Task<List<string>> ListAsync(string query) =>
        [.. (await GetAsync($"content/98305/child/comment{query}"))["results"]!.AsArray().Select(comment => comment!.Text("id"))];

    private Task<HttpResponseMessage> CreateAsync(object members)
    {
        var comment = System.Text.Json.JsonSerializer.SerializeToNode(members)!.AsObject();
        comment["type"] = "comment";
        comment["body"] = new JsonObject { ["storage"] = new JsonObject { ["value"] = "<p>said</p>", ["representation"] = "storage" } };
        return SendAsync(HttpMethod.Post, "content", comment);
    }
}
