using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>Redis is gone, at start or later. These need a real one that can be stopped.</summary>
public sealed class OutageTests
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Fact]
    public async Task Without_Redis_it_starts_says_that_it_is_not_ready_and_serves_once_Redis_is_there()
    {
        RequireRedis();
        var port = Ports.Take();
        await using var world = await World.StartAsync($"127.0.0.1:{port}");

        using var ready = await world.Gateway.Management.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("Redis does not answer", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var live = await world.Gateway.Management.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var refused = await world.Gateway.App.GetAsync(Pages);
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "token-unavailable");
        using var managed = await world.Gateway.Operator.GetAsync("/api/v1/connections");
        await managed.ProblemAsync(HttpStatusCode.ServiceUnavailable, "store-unavailable");
        Assert.Equal(0, await world.Gateway.MetricAsync("confluence_gateway_store_up"));

        await using var redis = await RedisProcess.StartAsync(port);
        await Eventually.TrueAsync(async () => (await world.Gateway.Management.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK, "the gateway is ready");
        await world.Gateway.ConnectAsync("demo");
        using var answer = await world.Gateway.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task While_Redis_is_gone_cached_tokens_serve_on_and_nothing_is_spent()
    {
        RequireRedis();
        using var directory = new TemporaryDirectory();
        var redis = await RedisProcess.StartAsync(directory: directory.Path);
        await using var world = await World.StartAsync(redis.ConnectionString);
        await world.Gateway.ConnectAsync("demo");
        using var warm = await world.Gateway.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, warm.StatusCode);

        await redis.DisposeAsync();
        await Eventually.TrueAsync(async () => await world.Gateway.MetricAsync("confluence_gateway_store_up") == 0, "the loss is noticed");
        // Past the time that an entry is trusted without a look at the store.
        await world.AdvanceAsync(TimeSpan.FromMinutes(5));
        for (var call = 0; call < 20; call++)
        {
            using var served = await world.Gateway.App.GetAsync(Pages);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        // A balancer that asks leaves it in: the others have no Redis either.
        using var ready = await world.Gateway.Management.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("Tokens in memory serve", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await world.AdvanceAsync(TimeSpan.FromHours(1));
        using var expired = await world.Gateway.App.GetAsync(Pages);
        await expired.ProblemAsync(HttpStatusCode.ServiceUnavailable, "token-unavailable");
        Assert.Equal(0, (await world.GrantAsync()).Attempts);

        await using var back = await RedisProcess.StartAsync(redis.Port, directory.Path);
        await Eventually.TrueAsync(async () => (await world.Gateway.App.GetAsync(Pages)).StatusCode == HttpStatusCode.OK, "the connection serves again");
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }

    private static void RequireRedis() =>
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");
}
