using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class ServedPropertyTests : ServedV1Test
{
    [Fact]
    public async Task A_property_of_a_space_has_its_own_shape()
    {
        await SendAsync(HttpMethod.Post, "space/DEMO/property", new { key = "k", value = new { a = 1 } }).ReadAsync();

        var standard = await GetAsync("space/DEMO/property/k");
        Shape.Is(standard, "id:string", "key:string", "value:object", "version:object", "_expandable:object", "_links:object");
        Shape.Is(standard["version"], "by:object", "when:time", "message:string", "number:number", "minorEdit:bool");
        Shape.Is(standard["_expandable"], "space:string");
        var expanded = (await GetAsync("space/DEMO/property?expand=space"))["results"]![0]!;
        Shape.Is(expanded, "id:string", "key:string", "value:object", "space:object", "_expandable:object", "_links:object");
        Shape.Is(expanded["_expandable"], "version:string");
        Assert.Equal("https://acme.atlassian.net/wiki/rest/api/space/DEMO/property/k", expanded["_links"]!.Text("self"));
    }

    [Fact]
    public async Task A_property_of_content_can_be_expanded_by_its_content()
    {
        var property = await GetAsync("content/98305/property/editor?expand=content");

        Assert.Equal("98305", property["content"]!.Text("id"));
        Assert.Null(property["version"]);
    }

    [Fact]
    public async Task An_update_to_version_1_creates_a_property_of_content_but_not_of_a_space()
    {
        var body = new { value = 1, version = new { number = 1 } };

        Assert.Equal(1, (await SendAsync(HttpMethod.Put, "content/98306/property/new", body).ReadAsync())["version"]!["number"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Put, "space/DEMO/property/new", body).StatusAsync());
    }

    [Fact]
    public async Task A_key_that_exists_is_refused()
    {
        await SendAsync(HttpMethod.Post, "space/DEMO/property/k", new { value = 1 }).ReadAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Post, "content/98305/property/editor", new { value = 1 }).StatusAsync());
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(HttpMethod.Post, "space/DEMO/property/k", new { value = 1 }).StatusAsync());
    }

    [Theory]
    [InlineData(255, 1, HttpStatusCode.OK)]
    [InlineData(256, 1, HttpStatusCode.BadRequest)]
    [InlineData(1, 32_766, HttpStatusCode.OK)]
    [InlineData(1, 32_767, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Keys_and_values_have_a_greatest_length_in_both_versions(int key, int value, HttpStatusCode expected)
    {
        var body = new { key = new string('k', key), value = new string('v', value) };

        Assert.Equal(expected, await SendAsync(HttpMethod.Post, "content/98306/property", body).StatusAsync());
        Assert.Equal(expected, await SendAsync(HttpMethod.Post, "space/DEMO/property", body).StatusAsync());
        Assert.Equal(expected, await V2Async(HttpMethod.Post, "pages/98307/properties", body).StatusAsync());
    }

    [Fact]
    public async Task A_value_is_required_in_both_versions()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Post, "content/98306/property", new { key = "k" }).StatusAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await V2Async(HttpMethod.Post, "pages/98306/properties", new { key = "k" }).StatusAsync());
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await V2Async(HttpMethod.Put, "pages/98305/properties/98338", new { key = "editor", version = new { number = 2 } }).StatusAsync());
    }

    [Fact]
    public async Task Labels_and_properties_are_taken_from_the_metadata_of_new_content()
    {
        var created = await SendAsync(HttpMethod.Post, "content", new
        {
            type = "page",
            title = "With metadata",
            space = new { key = "DEMO" },
            body = Storage("<p>x</p>"),
            metadata = new { labels = new[] { new { prefix = "global", name = "first" } }, properties = new { editor = new { value = "v2" } } },
        }).ReadAsync();

        Assert.Equal(["first"], await LabelsAsync(created.Text("id")));
        Assert.Equal("v2", (await GetAsync($"content/{created.Text("id")}/property/editor")).Text("value"));
    }

    [Fact]
    public async Task An_update_replaces_the_labels_and_adds_to_the_properties()
    {
        var update = new
        {
            type = "page",
            title = "Demonstration Home",
            version = new { number = 3 },
            metadata = new
            {
                labels = new[] { new { name = "demo" }, new { name = "other" } },
                properties = new JsonObject { ["editor"] = new JsonObject { ["value"] = "v1" }, ["mine"] = new JsonObject { ["value"] = 7 } },
            },
        };

        await SendAsync(HttpMethod.Put, "content/98305", update).ReadAsync();

        Assert.Equal(["demo", "other"], await LabelsAsync("98305"));
        var properties = (await GetAsync("content/98305/property"))["results"]!.AsArray();
        Assert.Equal(["editor", "review", "mine"], properties.Select(property => property!.Text("key")));
        Assert.Equal(("v1", 2), (properties[0]!.Text("value"), properties[0]!["version"]!["number"]!.GetValue<int>()));
    }

    private async Task<List<string>> LabelsAsync(string id) =>
        [.. (await GetAsync($"content/{id}/label"))["results"]!.AsArray().Select(label => label!.Text("name"))];
}
