using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>What a request may be, how many at a time, and over which protocols.</summary>
public sealed class LimitsTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages";

    [Fact]
    public async Task HTTP_2_without_TLS_is_spoken_on_an_address_of_its_own()
    {
        await using var world = await World.ConnectedAsync(stores, "--Listen:TrafficHttp2=http://127.0.0.1:0");
        var url = world.Gateway.Services.GetRequiredService<Listeners>().TrafficHttp2Url;
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(url), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetAsync(Pages)));
        using var posted = await client.PostAsync(Pages, new StringContent("{}", Encoding.UTF8, "application/json"));
        using var management = await client.GetAsync("/metrics");

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version)));
        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode); // Confluence's own: the page names no space.
        Assert.Equal(HttpStatusCode.NotFound, management.StatusCode);
    }

    [Fact]
    public async Task A_WebSocket_over_HTTP_2_is_refused_as_clearly()
    {
        await using var world = await World.ConnectedAsync(stores, "--Listen:TrafficHttp2=http://127.0.0.1:0");
        var url = new UriBuilder(world.Gateway.Services.GetRequiredService<Listeners>().TrafficHttp2Url + Pages) { Scheme = "ws" }.Uri;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = new ClientWebSocket { Options = { HttpVersion = HttpVersion.Version20, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact, CollectHttpResponseDetails = true } };

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(url, invoker, CancellationToken.None));

        Assert.Equal(HttpStatusCode.BadRequest, socket.HttpStatusCode);
    }

    [Fact]
    public async Task An_upstream_that_takes_a_connection_and_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Embedded), 1, $"--Atlassian:ApiBaseUrl=https://{silent.LocalEndpoint}", "--Upstream:ConnectTimeout=00:00:01");
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.Services.GetRequiredService<GrantStore>().ReplaceAsync(
            ConnectionId.Parse("demo", null), Pairs.Of("demo"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");

        using var answer = await world.Gateway.App.GetAsync(Pages);

        await answer.ProblemAsync(HttpStatusCode.GatewayTimeout, "upstream-timeout");
    }

    [Fact]
    public async Task One_request_too_many_is_told_to_come_again()
    {
        await using var world = await World.ConnectedAsync(stores, "--Listen:MaxConcurrentRequests=2");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Confluence) { Duration = TimeSpan.FromSeconds(8), Times = 2 });
        await world.Atlassian.ClearRequestsAsync();

        var held = new[] { world.Gateway.App.GetAsync(Pages), world.Gateway.App.GetAsync(Pages) };
        await Eventually.TrueAsync(async () => (await world.Atlassian.GetCountersAsync()).ConfluenceRequests >= 2, "both are under way");
        using var refused = await world.Gateway.App.GetAsync(Pages);

        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "gateway-busy");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        using var after = await world.Gateway.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Theory]
    [InlineData(30_000, HttpStatusCode.OK)]
    [InlineData(70_000, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    public async Task Headers_have_room_for_long_tokens_and_an_end(int length, HttpStatusCode expected)
    {
        await using var world = await World.ConnectedAsync(stores);
        using var request = new HttpRequestMessage(HttpMethod.Get, Pages);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + new string('x', length));

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
    }
}
