using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Control;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class RemovedV1Tests : SimulatorTest
{
    private const string Gone =
        """{"statusCode":410,"data":{"authorized":true,"valid":true,"errors":[],"successful":true},"message":"com.atlassian.confluence.api.service.exceptions.GoneException: This deprecated endpoint has been removed."}""";

    private string? _token;

    [Theory]
    [InlineData("GET", "content")]
    [InlineData("POST", "content")]
    [InlineData("GET", "content/98305")]
    [InlineData("PUT", "content/98305")]
    [InlineData("DELETE", "content/98305")]
    [InlineData("GET", "content/98305/history")]
    [InlineData("GET", "content/98305/child")]
    [InlineData("GET", "content/98305/child/page")]
    [InlineData("GET", "content/98305/child/attachment")]
    [InlineData("GET", "content/98305/child/comment")]
    [InlineData("GET", "content/98305/property")]
    [InlineData("POST", "content/98305/property")]
    [InlineData("GET", "content/98305/property/editor")]
    [InlineData("PUT", "content/98305/property/editor")]
    [InlineData("DELETE", "content/98305/property/editor")]
    [InlineData("GET", "inlinetasks/search")]
    [InlineData("GET", "inlinetasks/98352")]
    [InlineData("PUT", "inlinetasks/98352")]
    [InlineData("POST", "contentbody/convert/view")]
    [InlineData("GET", "space")]
    [InlineData("GET", "space/DEMO")]
    [InlineData("GET", "space/DEMO/content")]
    [InlineData("GET", "space/DEMO/content/page")]
    [InlineData("GET", "space/DEMO/property")]
    public async Task Is_gone_today(string method, string path)
    {
        var body = await SendAsync(new HttpMethod(method), path, method is "POST" or "PUT" ? new JsonObject() : null).ReadAsync(HttpStatusCode.Gone);

        Assert.Equal(Gone, body.ToJsonString());
    }

    [Theory]
    [InlineData("content?spaceKey=DEMO&type=page", "results:array,start:number,limit:number,size:number,_links:object")]
    [InlineData("content/98305/history", "latest:bool,createdBy:object,ownedBy:object,createdDate:time,_expandable:object,_links:object")]
    [InlineData("content/98305/child", "_expandable:object,_links:object")]
    [InlineData("content/98305/child/page", "results:array,start:number,limit:number,size:number,_links:object")]
    [InlineData("content/98305/property", "results:array,start:number,limit:number,size:number,_links:object")]
    [InlineData("content/98305/property/editor", "id:string,key:string,value:string,version:object,_expandable:object,_links:object")]
    [InlineData("space", "results:array,start:number,limit:number,size:number,_links:object")]
    [InlineData("space/DEMO?expand=homepage,description.plain", "id:number,key:string,alias:string,name:string,type:string,status:string,description:object,homepage:object,_expandable:object,_links:object")]
    [InlineData("space/DEMO/content", "page:object,blogpost:object,_links:object")]
    public async Task Is_served_on_request_in_its_old_shape(string path, string members)
    {
        await ServeAsync();

        Shape.Is(await SendAsync(HttpMethod.Get, path).ReadAsync(), members.Split(','));
    }

    [Fact]
    public async Task Served_content_expands_space_history_and_version_by_itself()
    {
        await ServeAsync();

        var content = await SendAsync(HttpMethod.Get, "content/98306").ReadAsync();

        Assert.Equal("DEMO", content["space"]!.Text("key"));
        Assert.NotNull(content["history"]);
        Assert.NotNull(content["version"]);
        Assert.Equal("https://acme.atlassian.net/wiki", content["_links"]!.Text("base"));
        Assert.Equal("/rest/api/content/98306/child", content["_expandable"]!.Text("children"));
    }

    [Fact]
    public async Task Served_attachments_tell_their_comment_and_media_type_unasked()
    {
        await ServeAsync();

        var unasked = (await SendAsync(HttpMethod.Get, "content/98305/child/attachment").ReadAsync())["results"]![0]!;
        var other = (await SendAsync(HttpMethod.Get, "content/98305/child/attachment?expand=version").ReadAsync())["results"]![0]!;

        Assert.All([unasked, other], attachment => Assert.Equal(("A first file", "text/plain"), (attachment["metadata"]!.Text("comment"), attachment["metadata"]!.Text("mediaType"))));
    }

    [Fact]
    public async Task Served_content_can_be_created_updated_read_and_deleted()
    {
        await ServeAsync();
        var created = await SendAsync(HttpMethod.Post, "content", new
        {
            type = "page",
            title = "Old style",
            space = new { key = "DEMO" },
            ancestors = new[] { new { id = "98306" } },
            body = new { storage = new { value = "<p>old</p>", representation = "storage" } },
        }).ReadAsync();
        var path = $"content/{created.Text("id")}";
        Assert.Equal("<p>old</p>", created["body"]!["storage"]!.Text("value"));

        var update = new { type = "page", title = "Old style", version = new { number = 2 }, body = new { storage = new { value = "<p>new</p>", representation = "storage" } } };
        await SendAsync(HttpMethod.Put, path, update).ReadAsync();
        await SendAsync(HttpMethod.Put, path, update).ReadAsync(HttpStatusCode.Conflict);

        var read = await SendAsync(HttpMethod.Get, $"{path}?expand=body.storage,ancestors,version").ReadAsync();
        Assert.Equal("<p>new</p>", read["body"]!["storage"]!.Text("value"));
        Assert.Equal(["98305", "98306"], read["ancestors"]!.AsArray().Select(ancestor => ancestor!.Text("id")));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete, path).StatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, path).StatusAsync());
    }

    [Fact]
    public async Task A_served_comment_hangs_on_its_container()
    {
        await ServeAsync();

        var created = await SendAsync(HttpMethod.Post, "content", new
        {
            type = "comment",
            container = new { id = "98306", type = "page" },
            body = new { storage = new { value = "<p>hm</p>", representation = "storage" } },
        }).ReadAsync();

        var comments = await SendAsync(HttpMethod.Get, "content/98306/child/comment").ReadAsync();
        Assert.Equal(created.Text("id"), Assert.Single(comments["results"]!.AsArray())!.Text("id"));
    }

    [Fact]
    public async Task Served_lists_page_by_next_from_the_base()
    {
        await ServeAsync();

        var (items, requests) = await SiteReader.ReadAllAsync(Simulator, (await TokenAsync())!, "/wiki/rest/api/content?spaceKey=DEMO&limit=10");

        Assert.Equal((31, 4), (items.Count, requests));
    }

    [Fact]
    public async Task A_served_property_lives_through_its_versions()
    {
        await ServeAsync();
        await SendAsync(HttpMethod.Post, "content/98306/property", new { key = "k", value = new { a = 1 } }).ReadAsync();

        var updated = await SendAsync(HttpMethod.Put, "content/98306/property/k", new { value = 2, version = new { number = 2 } }).ReadAsync();

        Assert.Equal(2, updated["value"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(HttpMethod.Put, "content/98306/property/k", new { value = 2, version = new { number = 2 } }).StatusAsync());
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete, "content/98306/property/k").StatusAsync());
    }

    private async Task ServeAsync() => await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { RemovedV1 = RemovedV1.Served });

    private async Task<string> TokenAsync() => _token ??= await Simulator.AccessTokenAsync();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null) =>
        await Simulator.ConfluenceAsync(await TokenAsync(), $"/wiki/rest/api/{path}", method, body);
}
