using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V2;

public sealed class V2ShapeTests(SharedSimulator shared) : IClassFixture<SharedSimulator>
{
    private const string Base = "https://acme.atlassian.net/wiki";
    private const string Home = "98305";

    private static readonly string[] Page =
    [
        "id:string", "status:string", "title:string", "spaceId:string", "parentId:string?", "parentType:string?", "position:number", "ownerId:string",
        "lastOwnerId:string?", "authorId:string", "createdAt:time", "version:object", "body:object", "_links:object",
    ];

    private static readonly string[] BlogPost =
    [
        "id:string", "status:string", "title:string", "spaceId:string", "authorId:string", "createdAt:time", "version:object", "body:object", "_links:object",
    ];

    [Fact]
    public async Task A_page_in_a_list()
    {
        foreach (var page in await ResultsAsync("pages?limit=250"))
        {
            Shape.Is(page, Page);
            Shape.Is(page!["version"], "number:number", "message:string", "minorEdit:bool", "authorId:string", "createdAt:time");
            Shape.Is(page["_links"], "editui:string", "webui:string", "edituiv2:string", "tinyui:string");
            Assert.Empty((JsonObject)page["body"]!);
            Assert.StartsWith("/spaces/", page["_links"]!.Text("webui"), StringComparison.Ordinal);
            Assert.StartsWith("/x/", page["_links"]!.Text("tinyui"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_alone_also_names_its_base()
    {
        var page = await GetAsync($"pages/{Home}?body-format=view");

        Shape.Is(page, Page);
        Shape.Is(page["_links"], "editui:string", "webui:string", "edituiv2:string", "tinyui:string", "base:string");
        Assert.Equal(Base, page["_links"]!.Text("base"));
        Shape.Is(page["body"], "view:object");
        Shape.Is(page["body"]!["view"], "representation:string", "value:string");
        Assert.Equal("view", page["body"]!["view"]!.Text("representation"));
    }

    [Fact]
    public async Task A_short_link_is_the_id_in_base64() =>
        Assert.Equal("/x/AYAB", (await GetAsync($"pages/{Home}"))["_links"]!.Text("tinyui"));

    [Fact]
    public async Task An_atlassian_document_is_json_in_a_string()
    {
        var page = await GetAsync($"pages/{Home}?body-format=atlas_doc_format");

        var document = JsonNode.Parse(page["body"]!["atlas_doc_format"]!.Text("value"));
        Shape.Is(document, "type:string", "version:number", "content:array");
    }

    [Fact]
    public async Task A_blog_post()
    {
        var posts = await ResultsAsync("blogposts");

        Assert.Equal(4, posts.Count);
        Assert.All(posts, post => Shape.Is(post, BlogPost));
        Shape.Is(await GetAsync($"blogposts/{posts[0]!.Text("id")}"), BlogPost);
    }

    [Fact]
    public async Task A_space()
    {
        string[] space =
        [
            "id:string", "key:string", "name:string", "type:string", "status:string", "authorId:string", "createdAt:time", "homepageId:string",
            "description:object?", "icon:object?", "spaceOwnerId:string", "currentActiveAlias:string", "_links:object",
        ];
        var spaces = await ResultsAsync("spaces?description-format=plain&include-icon=true");

        Assert.All(spaces, found => Shape.Is(found, space));
        Assert.Equal(["DEMO", "ENG"], spaces.Select(found => found!.Text("key")));
        Shape.Is(spaces[0]!["description"]!["plain"], "representation:string", "value:string");
        Assert.Equal(Base, (await GetAsync($"spaces/{spaces[0]!.Text("id")}"))["_links"]!.Text("base"));
    }

    [Fact]
    public async Task Footer_comments_and_their_answers()
    {
        string[] comment = ["id:string", "status:string", "title:string", "pageId:string", "version:object", "body:object", "_links:object"];
        var comments = await ResultsAsync($"pages/{Home}/footer-comments?body-format=storage");

        Assert.Equal(2, comments.Count);
        Assert.All(comments, found => Shape.Is(found, comment));
        Shape.Is(comments[0]!["body"], "storage:object");
        Shape.Is(comments[0]!["_links"], "webui:string");
        var answer = Assert.Single(await ResultsAsync($"footer-comments/{comments[0]!.Text("id")}/children"));
        Shape.Is(answer, [.. comment, "parentCommentId:string"]);
    }

    [Fact]
    public async Task An_inline_comment()
    {
        var comment = Assert.Single(await ResultsAsync("inline-comments"));

        Shape.Is(
            comment, "id:string", "status:string", "title:string", "pageId:string", "version:object", "body:object", "resolutionStatus:string",
            "resolutionLastModifierId:string?", "resolutionLastModifiedAt:time?", "properties:object", "_links:object");
        Shape.Is(
            comment!["properties"], "inlineMarkerRef:string", "inlineOriginalSelection:string", "inline-marker-ref:string", "inline-original-selection:string");
        Assert.Equal("open", comment.Text("resolutionStatus"));
    }

    [Fact]
    public async Task Labels()
    {
        var labels = await ResultsAsync($"pages/{Home}/labels?sort=name");

        Assert.All(labels, label => Shape.Is(label, "id:string", "name:string", "prefix:string"));
        Assert.Equal(["demo", "welcome"], labels.Select(label => label!.Text("name")));
        Assert.Equal(Home, Assert.Single(await ResultsAsync($"labels/{labels[0]!.Text("id")}/pages"))!.Text("id"));
    }

    [Fact]
    public async Task Properties()
    {
        var properties = await ResultsAsync($"pages/{Home}/properties?sort=key");

        Assert.Equal(["editor", "review"], properties.Select(property => property!.Text("key")));
        Shape.Is(properties[0], "id:string", "key:string", "value:string", "version:object");
        Shape.Is(properties[1], "id:string", "key:string", "value:object", "version:object");
        Shape.Is(properties[1]!["version"], "number:number", "message:string", "minorEdit:bool", "authorId:string", "createdAt:time");
        Assert.Single(await ResultsAsync($"pages/{Home}/properties?key=review"));
    }

    [Fact]
    public async Task Versions_newest_first()
    {
        var versions = await ResultsAsync($"pages/{Home}/versions");

        Assert.Equal([2, 1], versions.Select(version => version!["number"]!.GetValue<int>()));
        Shape.Is(versions[0], "number:number", "message:string", "minorEdit:bool", "authorId:string", "createdAt:time", "page:object");
        Shape.Is(
            await GetAsync($"pages/{Home}/versions/1"), "number:number", "authorId:string", "message:string", "createdAt:time", "minorEdit:bool",
            "contentTypeModified:bool", "collaborators:array", "prevVersion:number?", "nextVersion:number?", "_links:object");
    }

    [Fact]
    public async Task An_old_version_of_a_page_is_historical()
    {
        var old = await GetAsync($"pages/{Home}?version=1&body-format=storage");

        Assert.Equal("historical", old.Text("status"));
        Assert.DoesNotContain("Read on below", old["body"]!["storage"]!.Text("value"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attachment()
    {
        var attachment = Assert.Single(await ResultsAsync($"pages/{Home}/attachments"))!;

        Shape.Is(
            attachment, "id:string", "status:string", "title:string", "createdAt:time", "pageId:string", "mediaType:string", "mediaTypeDescription:string",
            "comment:string", "fileId:string", "fileSize:number", "webuiLink:string", "downloadLink:string", "version:object", "_links:object");
        Shape.Is(attachment["_links"], "webui:string", "download:string");
        Assert.Matches("^att[0-9]+$", attachment.Text("id"));
        Assert.Matches(
            @"^/download/attachments/98305/hello\.txt\?version=1&modificationDate=\d+&cacheVersion=1&api=v2$", attachment.Text("downloadLink"));
        Assert.Equal(attachment.Text("id"), (await GetAsync($"attachments/{attachment.Text("id")}")).Text("id"));
    }

    [Fact]
    public async Task Children_and_ancestors()
    {
        var children = await ResultsAsync($"pages/{Home}/children");
        Assert.Equal(["Getting started", "Architecture", "Operations", "Decisions", "Meeting notes"], children.Select(child => child!.Text("title")));
        Assert.All(children, child => Shape.Is(child, "id:string", "status:string", "title:string", "spaceId:string", "childPosition:number"));

        var grandchild = Assert.IsType<JsonObject>((await ResultsAsync($"pages/{children[0]!.Text("id")}/children"))[0]);
        var ancestors = await ResultsAsync($"pages/{grandchild.Text("id")}/ancestors");
        Assert.All(ancestors, ancestor => Shape.Is(ancestor, "id:string", "type:string"));
        Assert.Equal([Home, children[0]!.Text("id")], ancestors.Select(ancestor => ancestor!.Text("id")));
    }

    [Fact]
    public async Task Every_answer_names_the_base_in_a_link_header()
    {
        foreach (var path in (string[])["pages", $"pages/{Home}", "spaces", "pages/1", "pages?limit=0"])
        {
            using var answer = await shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/api/v2/{path}");
            Assert.Contains($"<{Base}>; rel=\"base\"", answer.Header("link"), StringComparison.Ordinal);
        }
    }

    private Task<JsonNode> GetAsync(string path) => shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/api/v2/{path}").ReadAsync();

    private async Task<JsonArray> ResultsAsync(string path) => (JsonArray)(await GetAsync(path))["results"]!;
}
