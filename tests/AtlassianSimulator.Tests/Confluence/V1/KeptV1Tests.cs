using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

/// <summary>Operations of v1 that OAuth clients keep.</summary>
public sealed class KeptV1Tests : SimulatorTest
{
    private string? _token;

    [Fact]
    public async Task Users_are_told_in_bulk_and_unknown_ones_are_missing()
    {
        const string Alice = "712020:a11ce000-0000-4000-8000-000000000001";
        const string Bob = "712020:b0b00000-0000-4000-8000-000000000002";

        var users = await GetAsync($"user/bulk?accountId={Alice}&accountId=nobody&accountId={Bob}");

        Shape.Is(users, "results:array", "start:number", "limit:number", "size:number", "_links:object");
        Assert.Equal([Alice, Bob], users["results"]!.AsArray().Select(user => user!.Text("accountId")));
    }

    [Fact]
    public async Task The_labels_of_a_space()
    {
        var labels = await GetAsync("space/DEMO/label");

        Shape.Is(labels, "results:array", "start:number", "limit:number", "size:number", "_links:object");
        Assert.Equal("team-space", Assert.Single(labels["results"]!.AsArray())!.Text("name"));
        Assert.Empty((await GetAsync("space/ENG/label"))["results"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "space/NONE/label").StatusAsync());
    }

    [Fact]
    public async Task Comments_below_a_page_are_of_all_depths()
    {
        var comments = (await GetAsync("content/98305/descendant/comment"))["results"]!.AsArray();

        Assert.Equal(["98340", "98341", "98342", "98343"], comments.Select(comment => comment!.Text("id")));
    }

    [Fact]
    public async Task A_body_is_converted_after_a_while()
    {
        var begun = await SendAsync(HttpMethod.Post, "contentbody/convert/async/export_view", Body("storage")).ReadAsync();
        Shape.Is(begun, "asyncId:string");

        var working = await GetAsync($"contentbody/convert/async/{begun.Text("asyncId")}");
        Assert.Equal("WORKING", working.Text("status"));
        Assert.Null(working["value"]);
        var done = await GetAsync($"contentbody/convert/async/{begun.Text("asyncId")}");
        Assert.Equal(("COMPLETED", "<p>x</p>", "export_view"), (done.Text("status"), done.Text("value"), done.Text("representation")));
        Assert.Equal(begun.Text("asyncId"), done.Text("renderTaskId"));
    }

    [Theory]
    [InlineData("view", "storage")]
    [InlineData("export_view", "view")]
    [InlineData("export_view", "nonsense")]
    public async Task Other_conversions_are_refused(string to, string from) =>
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Post, $"contentbody/convert/async/{to}", Body(from)).StatusAsync());

    [Fact]
    public async Task A_conversion_that_was_not_begun_is_not_found() =>
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "contentbody/convert/async/x").StatusAsync());

    private static object Body(string representation) => new { value = "<p>x</p>", representation };

    private Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, path).ReadAsync();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null) =>
        await Simulator.ConfluenceAsync(_token ??= await Simulator.AccessTokenAsync(), $"/wiki/rest/api/{path}", method, body);
}
