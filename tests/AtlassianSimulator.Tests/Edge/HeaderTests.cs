using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Edge;

public sealed class HeaderTests(SharedSimulator shared) : IClassFixture<SharedSimulator>
{
    [Theory]
    [InlineData("/wiki/api/v2/pages?limit=1")]
    [InlineData("/wiki/rest/api/user/current")]
    [InlineData("/wiki/api/v2/pages/1")]
    public async Task Answers_carry_the_edges_headers(string path)
    {
        using var answer = await shared.Simulator.ConfluenceAsync(shared.Token, path);

        Assert.Equal("AtlassianEdge", answer.Header("server"));
        Assert.Matches("^[0-9a-f]{32}$", answer.Header("atl-traceid"));
        Assert.Equal(answer.Header("atl-traceid"), answer.Header("x-trace-id"));
        Assert.True(Guid.TryParse(answer.Header("atl-request-id"), out _));
        Assert.Matches("^[0-9]{13}$", answer.Header("x-confluence-request-time"));
        Assert.Equal("max-age=63072000; preload", answer.Header("strict-transport-security"));
        Assert.Contains("endpoint-1", answer.Header("nel"), StringComparison.Ordinal);
        Assert.Contains("endpoint-1", answer.Header("report-to"), StringComparison.Ordinal);
        Assert.Equal("Accept-Encoding", answer.Header("vary"));
        Assert.StartsWith("JSESSIONID=", answer.Header("set-cookie"), StringComparison.Ordinal);
        Assert.Equal("application/json", answer.Header("content-type"));
        Assert.True(answer.Headers.TransferEncodingChunked);
    }

    [Fact]
    public async Task Only_v1_forbids_caching()
    {
        using var v1 = await shared.Simulator.ConfluenceAsync(shared.Token, "/wiki/rest/api/user/current");
        using var v2 = await shared.Simulator.ConfluenceAsync(shared.Token, "/wiki/api/v2/pages");

        Assert.Equal("no-store, must-revalidate, no-cache", v1.Headers.CacheControl!.ToString());
        Assert.Equal("Thu, 01 Jan 1970 00:00:00 GMT", v1.Header("expires"));
        Assert.Null(v2.Headers.CacheControl);
    }

    [Fact]
    public async Task Gzip_is_given_to_whoever_asks()
    {
        using var answer = await shared.Simulator.ConfluenceAsync(
            shared.Token, "/wiki/api/v2/pages", change: request => request.Headers.AcceptEncoding.ParseAdd("gzip"));

        Assert.Equal("gzip", answer.Header("content-encoding"));
        Assert.Equal("Accept-Encoding", answer.Header("vary"));
        await using var unzipped = new System.IO.Compression.GZipStream(await answer.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        Assert.StartsWith("{\"results\":[", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/wiki/api/v2/pages")]
    [InlineData("/wiki/rest/api/user/current")]
    public async Task Head_is_get_without_the_body(string path)
    {
        using var answer = await shared.Simulator.ConfluenceAsync(shared.Token, path, HttpMethod.Head);

        Assert.Equal((System.Net.HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Header("content-type")));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Every_answer_has_its_own_trace()
    {
        using var first = await shared.Simulator.ConfluenceAsync(shared.Token, "/wiki/api/v2/pages");
        using var second = await shared.Simulator.ConfluenceAsync(shared.Token, "/wiki/api/v2/pages");

        Assert.NotEqual(first.Header("atl-traceid"), second.Header("atl-traceid"));
    }
}
