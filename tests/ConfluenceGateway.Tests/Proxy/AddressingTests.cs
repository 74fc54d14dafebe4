using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>A connection is addressed by path or by a host of its own, with and without <c>/wiki</c>.</summary>
public sealed class AddressingTests(Stores stores)
{
    private const string Suffix = "gateway.example.com";

    [Theory]
    [InlineData("gateway", "/confluence/demo/wiki/api/v2/pages?limit=1", "/wiki/api/v2/pages?limit=1")]
    [InlineData("gateway", "/confluence/demo/api/v2/pages?limit=1", "/api/v2/pages?limit=1")]
    [InlineData("gateway.example.com", "/confluence/demo/wiki/api/v2/pages", "/wiki/api/v2/pages")]
    [InlineData("demo.gateway.example.com", "/wiki/api/v2/pages?limit=1", "/wiki/api/v2/pages?limit=1")]
    [InlineData("demo.gateway.example.com", "/api/v2/pages", "/api/v2/pages")]
    [InlineData("demo.gateway.example.com:8080", "/wiki/rest/api/user/current", "/wiki/rest/api/user/current")]
    [InlineData("Demo.Gateway.Example.COM", "/rest/api/user/current", "/rest/api/user/current")]
    public async Task Both_ways_reach_the_same_place(string host, string path, string upstream)
    {
        await using var world = await ConnectedAsync();

        using var answer = await GetAsync(world, host, path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($"/ex/confluence/{World.AcmeCloudId}{upstream}", (await world.Atlassian.GetRequestsAsync())[^1].Target);
    }

    [Fact]
    public async Task All_of_a_hosts_paths_belong_to_the_connection()
    {
        await using var world = await ConnectedAsync();

        using var answer = await GetAsync(world, "demo." + Suffix, "/connect/demo");

        Assert.Equal($"/ex/confluence/{World.AcmeCloudId}/connect/demo", (await world.Atlassian.GetRequestsAsync())[^1].Target);
    }

    [Theory]
    [InlineData("a.b.gateway.example.com", "/wiki/x", 400, "bad-host")]
    [InlineData("-demo.gateway.example.com", "/wiki/x", 400, "bad-host")]
    [InlineData("nobody.gateway.example.com", "/wiki/x", 404, "unknown-connection")]
    [InlineData("demo.gateway.example.com", "/wiki/%252e%252e/x", 400, "bad-path")]
    [InlineData("demo.gateway.example.com.evil", "/wiki/x", 404, "unknown-product")]
    [InlineData("demogateway.example.com", "/wiki/x", 404, "unknown-product")]
    public async Task A_host_that_names_nothing_is_told_so(string host, string path, int status, string name)
    {
        await using var world = await ConnectedAsync();

        using var answer = await GetAsync(world, host, path);

        await answer.ProblemAsync((HttpStatusCode)status, name);
    }

    [Fact]
    public async Task Without_a_suffix_the_host_says_nothing()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");

        using var answer = await GetAsync(world, "demo." + Suffix, "/confluence/demo/wiki/api/v2/pages");

        Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").EnumerateArray());
    }

    private static async Task<HttpResponseMessage> GetAsync(World world, string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        return await world.Gateway.App.SendAsync(request);
    }

    private async Task<World> ConnectedAsync()
    {
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, $"--Routing:HostSuffix={Suffix}");
        await world.Gateway.ConnectAsync("demo");
        return world;
    }
}
