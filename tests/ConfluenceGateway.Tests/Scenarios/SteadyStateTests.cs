using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>A fresh token in the cache, as it is 99 times in 100.</summary>
public sealed class SteadyStateTests
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Fact]
    public async Task A_thousand_requests_send_Redis_no_command()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");
        await using var redis = await RedisProcess.StartAsync();
        await using var world = await World.StartAsync(redis.ConnectionString);
        await world.Gateway.ConnectAsync("demo");
        using var warm = await world.Gateway.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, warm.StatusCode);
        await Eventually.TrueAsync(async () => await world.Gateway.MetricAsync("confluence_gateway_self_check{check=\"key_ring\"}") == 1, "the store was audited");
        await using var monitor = await RedisMonitor.StartAsync(redis.Port);

        for (var call = 0; call < 1_000; call++)
        {
            using var answer = await world.Gateway.App.GetAsync(Pages);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Empty(monitor.Commands);

        // The monitor does see what the gateway sends.
        await world.Gateway.RefreshAsync("demo");
        await Eventually.TrueAsync(() => monitor.Commands.Any(command => command.Contains(":grant", StringComparison.Ordinal)), "the monitor sees a refresh");
    }
}
