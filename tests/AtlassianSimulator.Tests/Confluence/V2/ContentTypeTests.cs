using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V2;

public sealed class ContentTypeTests : SimulatorTest
{
    private string? _token;

    [Fact]
    public async Task Ids_are_told_their_types_under_the_names_they_were_sent_with()
    {
        var types = await TypesAsync(98305, "98305", "98340", "98343", "98344", "att98344", "98345", "1", "x");

        Assert.Equal(
            """{"98305":"page","98340":"footer-comment","98343":"inline-comment","98344":"attachment","att98344":"attachment","98345":"blogpost","1":null,"x":null}""",
            types.ToJsonString());
    }

    [Fact]
    public async Task Trashed_content_keeps_its_type()
    {
        await SendAsync(HttpMethod.Delete, "pages/98307").StatusAsync();

        Assert.Equal("page", (await TypesAsync("98307")).Text("98307"));
    }

    [Fact]
    public async Task A_hundred_ids_are_the_most()
    {
        await SendAsync(HttpMethod.Post, Path, new { contentIds = Enumerable.Range(1, 100) }).ReadAsync();

        await SendAsync(HttpMethod.Post, Path, new { contentIds = Enumerable.Range(1, 101) }).ReadAsync(HttpStatusCode.BadRequest);
    }

    private const string Path = "content/convert-ids-to-types";

    private async Task<JsonNode> TypesAsync(params object[] ids) =>
        (await SendAsync(HttpMethod.Post, Path, new { contentIds = ids }).ReadAsync())["results"]!;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null) =>
        await Simulator.ConfluenceAsync(_token ??= await Simulator.AccessTokenAsync(), $"/wiki/api/v2/{path}", method, body);
}
