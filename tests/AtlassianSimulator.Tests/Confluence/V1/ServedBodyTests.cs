using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class ServedBodyTests : ServedV1Test
{
    [Theory]
    [InlineData("storage", "<p>x</p>")]
    [InlineData("editor", "<p>x</p>")]
    [InlineData("view", "<p>x</p>")]
    [InlineData("wiki", "x")]
    [InlineData("atlas_doc_format", """{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"x"}]}]}""")]
    public async Task A_body_is_kept_in_storage_format(string representation, string value)
    {
        var created = await CreateAsync(representation, value).ReadAsync();

        Assert.Equal("<p>x</p>", created["body"]!["storage"]!.Text("value"));
    }

    [Fact]
    public async Task An_unknown_representation_is_refused() =>
        Assert.Equal(HttpStatusCode.BadRequest, await CreateAsync("markdown", "x").StatusAsync());

    private Task<HttpResponseMessage> CreateAsync(string representation, string value) => SendAsync(HttpMethod.Post, "content", new
    {
        type = "page",
        title = "A body",
        space = new { key = "DEMO" },
        body = new JsonObject { [representation] = new JsonObject { ["value"] = value, ["representation"] = representation } },
    });
}
