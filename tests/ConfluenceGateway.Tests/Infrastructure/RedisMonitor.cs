using System.Net;
using System.Net.Sockets;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>Redis's own MONITOR on a connection of its own; the client library's keep-alives are left out.</summary>
internal sealed class RedisMonitor : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly List<string> _commands = [];
    private Task _reading = Task.CompletedTask;

    /// <summary>What it was told, each with the time in seconds first: <c>+1795747908.108279 [0 127.0.0.1:38296] "GET" "key"</c>.</summary>
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
        if (await reader.ReadLineAsync() is not "+OK")
        {
            throw new InvalidOperationException("This Redis does not tell what it is told.");
        }

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
