using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>A scheduler asks whether a connection serves before it starts its work.</summary>
public sealed class StatusHandlerTests(Stores stores)
{
    private const string Demo = "/confluence-status/demo";

    [Fact]
    public async Task An_active_connection_is_ready_and_nothing_is_asked_of_Atlassian()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Atlassian.ClearRequestsAsync();

        using var answer = await world.Gateway.App.GetAsync(Demo);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("private, max-age=10", string.Join(", ", answer.Headers.GetValues("Cache-Control").SelectMany(value => value.Split(", ")).OrderDescending()));
        Assert.Equal("""{"id":"demo","state":"active","ready":true}""", await answer.Content.ReadAsStringAsync());
        Assert.Empty(await world.Atlassian.GetRequestsAsync());
    }

    [Fact]
    public async Task It_is_not_sent_again_until_it_changes()
    {
        await using var world = await World.ConnectedAsync(stores);
        using var first = await world.Gateway.App.GetAsync(Demo);
        Assert.False(first.Headers.ETag!.IsWeak);

        using var same = await AskAsync(world, first.Headers.ETag);
        using var other = await AskAsync(world, new EntityTagHeaderValue("\"other\""));
        using var paused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null);
        using var changed = await AskAsync(world, first.Headers.ETag);

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(first.Headers.ETag, same.Headers.ETag);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal("""{"id":"demo","state":"paused","ready":false}""", await changed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HEAD_has_the_same_headers_and_no_body()
    {
        await using var world = await World.ConnectedAsync(stores);
        using var got = await world.Gateway.App.GetAsync(Demo);

        using var head = await world.Gateway.App.SendAsync(new HttpRequestMessage(HttpMethod.Head, Demo));

        Assert.Equal((HttpStatusCode.OK, got.Headers.ETag, got.Content.Headers.ContentLength), (head.StatusCode, head.Headers.ETag, head.Content.Headers.ContentLength));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_dead_grant_says_why_since_when_and_where_to_mend_it_and_lies_in_no_cache()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Gateway.CreateAsync("pending");
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        using var killing = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages");
        Assert.Equal(HttpStatusCode.Unauthorized, killing.StatusCode);

        var dead = await UncachedAsync(world, Demo);
        var pending = await UncachedAsync(world, "/confluence-status/pending");

        Assert.Equal(("reauth_required", false, "revoked"), (dead.GetProperty("state").GetString(), dead.GetProperty("ready").GetBoolean(), dead.GetProperty("reason").GetString()));
        Assert.Equal(world.Clock.GetUtcNow(), dead.GetProperty("since").GetDateTimeOffset(), TimeSpan.FromSeconds(30));
        Assert.Equal(("pending", false), (pending.GetProperty("state").GetString(), pending.GetProperty("ready").GetBoolean()));
        using var browser = new Browser();
        var page = await browser.ConnectAsync(dead.GetProperty("reconnectUrl").Deserialize<Uri>()!);
        Assert.Equal("Connected", page.Heading);
        using var mended = await world.Gateway.App.GetAsync(Demo);
        Assert.Contains("\"ready\":true", await mended.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grant_of_another_app_is_not_ready()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.RestartAsync(0, "--Atlassian:ClientId=another");

        var status = await UncachedAsync(world, Demo);

        Assert.Equal(("reauth_required", "wrong_app"), (status.GetProperty("state").GetString(), status.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task While_the_app_is_refused_nothing_is_ready()
    {
        await using var world = await World.ConnectedAsync(stores);
        var circuit = world.Gateway.Services.GetRequiredService<ConfigurationCircuit>();

        circuit.Open("invalid_client");
        using var refused = await world.Gateway.App.GetAsync(Demo);
        Assert.Equal("""{"id":"demo","state":"active","ready":false,"reason":"gateway_misconfigured"}""", await refused.Content.ReadAsStringAsync());

        circuit.Close();
        using var accepted = await world.Gateway.App.GetAsync(Demo);
        Assert.Contains("\"ready\":true", await accepted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/confluence-status/nobody", 404, "unknown-connection")]
    [InlineData("GET", "/confluence-status", 400, "bad-path")]
    [InlineData("GET", "/confluence-status/", 400, "bad-path")]
    [InlineData("GET", "/confluence-status/De%20mo", 400, "bad-path")]
    [InlineData("GET", "/confluence-status/demo/more", 400, "bad-path")]
    [InlineData("POST", "/confluence-status/demo", 405, "method-not-allowed")]
    [InlineData("GET", "/confluence-statuses/demo", 404, "unknown-product")]
    public async Task What_is_no_status_says_so(string method, string path, int status, string name)
    {
        await using var world = await World.ConnectedAsync(stores);

        using var answer = await world.Gateway.App.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await answer.ProblemAsync((HttpStatusCode)status, name);
        Assert.Equal(status == 405 ? ["GET", "HEAD"] : [], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task It_takes_a_key_for_the_connection_where_keys_are_asked_for()
    {
        await using var world = await World.ConnectedAsync(stores, CallerKeyCalls.Setting);
        await world.Gateway.CreateAsync("other");
        var (reader, elsewhere) = (await world.Gateway.MakeKeyAsync(["demo"], "read"), await world.Gateway.MakeKeyAsync(["other"]));

        using var stranger = await world.Gateway.App.GetAsync(Demo);
        using var strangerAtNothing = await world.Gateway.App.GetAsync("/confluence-status/nobody");
        using var forbidden = await world.Gateway.CallAsync(elsewhere.Key, Demo);
        using var forbiddenAtNothing = await world.Gateway.CallAsync(elsewhere.Key, "/confluence-status/nobody");

        await stranger.ProblemAsync(HttpStatusCode.Unauthorized, "caller-unauthorized");
        await strangerAtNothing.ProblemAsync(HttpStatusCode.Unauthorized, "caller-unauthorized");
        await forbidden.ProblemAsync(HttpStatusCode.Forbidden, "caller-forbidden");
        await forbiddenAtNothing.ProblemAsync(HttpStatusCode.Forbidden, "caller-forbidden");
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(reader.Key, Demo));
    }

    [Fact]
    public async Task On_a_host_of_the_connections_own_the_path_is_the_sites()
    {
        await using var world = await World.ConnectedAsync(stores, "--Routing:HostSuffix=gateway.example.com");
        using var request = new HttpRequestMessage(HttpMethod.Get, Demo) { Headers = { Host = "demo.gateway.example.com" } };

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Equal($"/ex/confluence/{World.AcmeCloudId}{Demo}", (await world.Atlassian.GetRequestsAsync())[^1].Target);
    }

    private static async Task<HttpResponseMessage> AskAsync(World world, EntityTagHeaderValue known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Demo) { Headers = { IfNoneMatch = { known } } };
        return await world.Gateway.App.SendAsync(request);
    }

    private static async Task<JsonElement> UncachedAsync(World world, string path)
    {
        using var answer = await world.Gateway.App.GetAsync(path);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Null(answer.Headers.ETag);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
