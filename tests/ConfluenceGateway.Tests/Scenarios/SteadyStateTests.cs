using System.Net;
using System.Net.Sockets;
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

    /// <summary>Redis's own MONITOR on a connection of its own; the client library's keep-alives are left out.</summary>
    private sealed class RedisMonitor : IAsyncDisposable
    {
        private readonly TcpClient _client = new();
        private readonly List<string> _commands = [];
        private Task _reading = Task.CompletedTask;

        public IReadOnlyList<string> Commands
        {
            get
            {
                lock (_commands)
                {
                    return [.. _commands];
                }
            }
        }

        public static async Task<RedisMonitor> StartAsync(int port)
        {
            var monitor = new RedisMonitor();
            await monitor._client.ConnectAsync(IPAddress.Loopback, port);
            var stream = monitor._client.GetStream();
            await stream.WriteAsync("MONITOR\r\n"u8.ToArray());
            var reader = new StreamReader(stream);
            Assert.Equal("+OK", await reader.ReadLineAsync());
            monitor._reading = monitor.ReadAsync(reader);
            return monitor;
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await _reading;
        }

        private async Task ReadAsync(StreamReader reader)
        {
            try
            {
                while (await reader.ReadLineAsync() is { } command)
                {
                    if (!command.Contains("\"PING\"", StringComparison.OrdinalIgnoreCase) && !command.Contains("\"INFO\"", StringComparison.OrdinalIgnoreCase))
                    {
                        lock (_commands)
                        {
                            _commands.Add(command);
                        }
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The monitor was closed.
            }
        }
    }
}
