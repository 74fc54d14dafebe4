using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>A connection whose links are rewritten can be followed link by link without leaving the gateway.</summary>
public sealed class RewrittenLinksTests(Stores stores)
{
    [Fact]
    public async Task Links_pass_as_they_came_unless_it_is_asked_for()
    {
        await using var world = await ConnectedAsync();

        var links = (await world.Gateway.App.GetFromJsonAsync<JsonElement>("/confluence/demo/wiki/api/v2/pages?limit=5")).GetProperty("_links");

        Assert.Equal("https://acme.atlassian.net/wiki", links.GetProperty("base").GetString());
        Assert.StartsWith("/wiki/api/v2/pages?", links.GetProperty("next").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway.example.com:8080", "/confluence/demo", "http://gateway.example.com:8080/confluence/demo")]
    [InlineData("demo.hosts.example.com", "", "http://demo.hosts.example.com")]
    [InlineData("intranet.example.com", "/confluence/demo", "https://intranet.example.com/gw/confluence/demo")]
    public async Task A_connection_that_asks_for_it_gets_links_to_the_gateway_as_the_caller_knows_it(string host, string prefix, string root)
    {
        await using var world = await ConnectedAsync("--Routing:HostSuffix=hosts.example.com", "--Gateway:PublicUrl=https://intranet.example.com/gw");
        using var asked = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { compatibility = new { rewriteLinks = true } });
        Assert.True((await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("compatibility").GetProperty("rewriteLinks").GetBoolean());

        var list = await GetAsync(world, host, prefix + "/wiki/api/v2/pages?limit=5");
        var search = await GetAsync(world, host, prefix + "/wiki/rest/api/search?cql=type%3Dpage&limit=5");

        Assert.Equal(root + "/wiki", list.GetProperty("_links").GetProperty("base").GetString());
        var path = new Uri(root).AbsolutePath.TrimEnd('/');
        Assert.StartsWith(path + "/wiki/api/v2/pages?", list.GetProperty("_links").GetProperty("next").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(root + "/wiki/rest/api/search?", search.GetProperty("_links").GetProperty("self").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("/rest/api/search?", search.GetProperty("_links").GetProperty("next").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip, br")]
    [InlineData("zstd")]
    [InlineData("br;q=0.5, zstd")]
    public async Task Whatever_coding_the_app_accepts_the_links_are_right(string accepted)
    {
        await using var world = await ConnectedAsync("--Compatibility:RewriteLinks=true");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/confluence/demo/wiki/api/v2/pages?limit=5");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.StartsWith("/confluence/demo/wiki/", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("_links").GetProperty("next").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("zstd", (await world.Atlassian.GetRequestsAsync())[^1].Headers.Single(header => header.Name == "Accept-Encoding").Value, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> GetAsync(World world, string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await world.Gateway.App.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<World> ConnectedAsync(params string[] settings)
    {
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, settings);
        // By import: the public URL of these tests is nobody's, so no browser comes back to it.
        await world.Gateway.CreateAsync("demo");
        var minted = await world.Atlassian.MintGrantAsync("alice", [World.AcmeCloudId]);
        using var imported = await world.Gateway.Operator.PostAsJsonAsync("/api/v1/connections/demo/import", new { refreshToken = minted.RefreshToken });
        Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
        return world;
    }
}
