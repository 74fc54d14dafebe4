using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class V1ShapeTests(SharedSimulator shared) : IClassFixture<SharedSimulator>
{
    private const string Base = "https://acme.atlassian.net/wiki";

    [Fact]
    public async Task A_search_result()
    {
        var page = await GetAsync("search?cql=type=page&limit=5");

        Shape.Is(
            page, "results:array", "start:number", "limit:number", "size:number", "totalSize:number", "cqlQuery:string", "searchDuration:number", "_links:object");
        Shape.Is(page["_links"], "base:string", "context:string", "next:string", "self:string");
        Assert.Equal((Base, "/wiki"), (page["_links"]!.Text("base"), page["_links"]!.Text("context")));
        Assert.Equal($"{Base}/rest/api/search?cql=type%3Dpage", page["_links"]!.Text("self"));
        Assert.Matches(@"^/rest/api/search\?next=true&cursor=_t_[^&]+&limit=5&start=5&cql=type%3Dpage$", page["_links"]!.Text("next"));

        var result = page["results"]![1]!;
        Shape.Is(
            result, "content:object", "title:string", "excerpt:string", "url:string", "resultGlobalContainer:object", "breadcrumbs:array", "entityType:string",
            "iconCssClass:string", "lastModified:time", "friendlyLastModified:string", "score:number");
        Shape.Is(result["resultGlobalContainer"], "title:string", "displayUrl:string");
        Assert.Equal("/spaces/DEMO", result["resultGlobalContainer"]!.Text("displayUrl"));
    }

    [Fact]
    public async Task Content_without_expansions()
    {
        var content = (await GetAsync("content/search?cql=id=98306"))["results"]![0]!;

        Shape.Is(
            content, "id:string", "type:string", "status:string", "title:string", "macroRenderedOutput:object", "extensions:object", "_expandable:object",
            "_links:object");
        Shape.Is(content["_links"], "webui:string", "self:string", "tinyui:string");
        Assert.Equal($"{Base}/rest/api/content/98306", content["_links"]!.Text("self"));
        Assert.Equal("/spaces/DEMO/pages/98306/Getting+started", content["_links"]!.Text("webui"));
        Assert.Equal("/rest/api/content/98306/history", content["_expandable"]!.Text("history"));
        Assert.Equal("/rest/api/space/DEMO", content["_expandable"]!.Text("space"));
        Assert.Equal("/rest/api/content/98306/child", content["_expandable"]!.Text("children"));
        Assert.Equal("", content["_expandable"]!.Text("body"));
    }

    [Fact]
    public async Task Expanded_parts_leave_the_expandable_ones()
    {
        var content = (await GetAsync(
            "content/search?cql=id=98305&expand=body.storage,version,space,ancestors,history.lastUpdated,metadata.labels,children.comment,container"))["results"]![0]!;

        Shape.Is(content["body"]!["storage"], "value:string", "representation:string", "embeddedContent:array", "_expandable:object");
        Shape.Is(
            content["version"], "by:object", "when:time", "friendlyWhen:string", "message:string", "number:number", "minorEdit:bool",
            "contentTypeModified:bool", "_expandable:object", "_links:object");
        Shape.Is(
            content["history"], "latest:bool", "createdBy:object", "ownedBy:object", "createdDate:time", "lastUpdated:object", "_expandable:object", "_links:object");
        Shape.Is(
            content["space"], "id:number", "key:string", "alias:string", "name:string", "type:string", "status:string", "_expandable:object", "_links:object");
        Assert.Equal(["welcome", "demo"], content["metadata"]!["labels"]!["results"]!.AsArray().Select(label => label!.Text("name")));
        Assert.Equal(3, content["children"]!["comment"]!["size"]!.GetValue<int>());
        Assert.Equal("DEMO", content["container"]!.Text("key"));
        Assert.Empty(content["ancestors"]!.AsArray());
        Assert.False(content["_expandable"]!.AsObject().ContainsKey("version"));
    }

    [Fact]
    public async Task The_current_user()
    {
        var user = await GetAsync("user/current");

        Shape.Is(
            user, "type:string", "accountId:string", "accountType:string", "email:string", "publicName:string", "profilePicture:object", "displayName:string",
            "isExternalCollaborator:bool", "_expandable:object", "_links:object");
        Shape.Is(user["profilePicture"], "path:string", "width:number", "height:number", "isDefault:bool");
        Shape.Is(user["_links"], "self:string", "base:string", "context:string");
        Assert.Equal(user.Text("accountId"), (await GetAsync($"user?accountId={user.Text("accountId")}")).Text("accountId"));
    }

    [Fact]
    public async Task Labels()
    {
        var labels = await GetAsync("content/98305/label");

        Shape.Is(labels, "results:array", "start:number", "limit:number", "size:number", "_links:object");
        Assert.All(labels["results"]!.AsArray(), label => Shape.Is(label, "prefix:string", "name:string", "id:string", "label:string"));
    }

    [Fact]
    public async Task Versions()
    {
        var versions = await GetAsync("content/98305/version");

        Shape.Is(versions, "results:array", "start:number", "limit:number", "size:number", "_links:object");
        Assert.Equal([2, 1], versions["results"]!.AsArray().Select(version => version!["number"]!.GetValue<int>()));
        Assert.Equal("Say more", (await GetAsync("content/98305/version/2")).Text("message"));
    }

    [Fact]
    public async Task Restrictions()
    {
        var restrictions = await GetAsync("content/98305/restriction?expand=restrictions.user");

        Shape.Is(restrictions, "results:array", "start:number", "limit:number", "size:number", "restrictionsHash:string", "_links:object");
        Assert.Equal(["read", "update"], restrictions["results"]!.AsArray().Select(restriction => restriction!.Text("operation")));
        Assert.All(
            restrictions["results"]!.AsArray(),
            restriction => Shape.Is(restriction, "operation:string", "restrictions:object", "_expandable:object", "_links:object"));
        Shape.Is(await GetAsync("content/98305/restriction/byOperation"), "read:object", "update:object", "_expandable:object", "_links:object");
    }

    [Theory]
    [InlineData("content/1/label", HttpStatusCode.NotFound, "NotFoundException")]
    [InlineData("user?accountId=nobody", HttpStatusCode.NotFound, "NotFoundException")]
    [InlineData("user", HttpStatusCode.BadRequest, "BadRequestException")]
    [InlineData("search", HttpStatusCode.BadRequest, "BadRequestException")]
    [InlineData("search?cql=type%20is%20page", HttpStatusCode.BadRequest, "BadRequestException")]
    [InlineData("search?cql=type=page&cursor=x", HttpStatusCode.BadRequest, "BadRequestException")]
    [InlineData("search?cql=type=page&start=x", HttpStatusCode.BadRequest, "BadRequestException")]
    [InlineData("nothing/here", HttpStatusCode.NotFound, "NotFoundException")]
    public async Task Errors_name_a_java_class(string path, HttpStatusCode status, string type)
    {
        var error = await shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/rest/api/{path}").ReadAsync(status);

        Shape.Is(error, "statusCode:number", "data:object", "message:string");
        Shape.Is(error["data"], "authorized:bool", "valid:bool", "errors:array", "successful:bool");
        Assert.StartsWith($"com.atlassian.confluence.api.service.exceptions.{type}: ", error.Text("message"), StringComparison.Ordinal);
    }

    private Task<JsonNode> GetAsync(string path) => shared.Simulator.ConfluenceAsync(shared.Token, $"/wiki/rest/api/{path}").ReadAsync();
}
