using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>However a request comes, with whatever body and address, an operation that was removed is served.</summary>
public sealed class RequestsTests(Stores stores)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_body_that_met_410_is_served_whole(bool isChunked)
    {
        var made = "";
        await using var site = await ScriptedSite.StartAsync(
            stores,
            request => request.Operation switch
            {
                "POST /rest/api/content" => new SiteReply(410, "{}"),
                "GET /api/v2/spaces" => new SiteReply(200, """{"results":[{"id":"5","key":"DEMO"}]}"""),
                "POST /api/v2/pages" => Made(request),
                _ => new SiteReply(404, "{}"),
            },
            "--Compatibility:V1=Auto");
        var value = string.Concat(Enumerable.Range(0, 300_000).Select(number => $"{number:D7}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/confluence/demo/wiki/rest/api/content")
        {
            Content = JsonContent.Create(new { type = "page", title = "Long", space = new { key = "DEMO" }, body = new { storage = new { value, representation = "storage" } } }),
        };
        request.Headers.TransferEncodingChunked = isChunked;

        using var answer = await site.App.SendAsync(request);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(value, JsonDocument.Parse(made).RootElement.GetProperty("body").GetProperty("value").GetString());
        Assert.Equal(1, site.Asked.Count(asked => asked.Operation == "POST /rest/api/content"));

        SiteReply Made(SiteRequest asked)
        {
            made = asked.Body;
            return new SiteReply(200, """{"id":"7","title":"Long","spaceId":"5","status":"current"}""");
        }
    }

    [Fact]
    public async Task A_body_too_long_for_content_that_met_410_is_refused_as_Confluence_would()
    {
        await using var world = await World.ConnectedAsync(stores);
        var body = """{"type":"page","title":"Too long","body":" """ + new string('x', 7 * 1024 * 1024) + "\"}";

        for (var time = 0; time < 2; time++)
        {
            var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "POST", "content", body);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.Status);
            Assert.Equal(413, reply.Json!["statusCode"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task What_is_longer_than_the_gateway_forwards_is_told_as_for_any_request()
    {
        await using var world = await V1World.StartAsync(stores, "--Listen:MaxRequestBodyBytes=1000");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/confluence/demo/wiki/rest/api/content") { Content = new StringContent(new string(' ', 5_000)) };
        request.Headers.TransferEncodingChunked = true;

        using var answer = await world.Gateway.App.SendAsync(request);

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Theory]
    [InlineData("demo.hosts.example.com", "/wiki/rest/api/content/98305")]
    [InlineData("demo.hosts.example.com", "/rest/api/content/98305")]
    [InlineData("gateway.example.com", "/confluence/demo/rest/api/content/98305")]
    public async Task However_the_connection_is_addressed_it_is_served(string host, string path)
    {
        await using var world = await World.ConnectedAsync(stores, "--Routing:HostSuffix=hosts.example.com", "--Compatibility:V1=Always");
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("98305", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task HEAD_of_a_removed_operation_is_served_too()
    {
        await using var world = await World.ConnectedAsync(stores);

        using var answer = await world.Gateway.App.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/confluence/demo/wiki/rest/api/content/98305"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentLength > 0);
        Assert.True(answer.Headers.Contains("Warning"));
    }
}
