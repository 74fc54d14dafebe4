using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>What a Redis is told, and when, by its own clock (<c>MONITOR</c>).</summary>
internal sealed class RedisMonitor : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<(DateTimeOffset At, string Command)> _told = new();

    private RedisMonitor()
    {
    }

    public static async Task<RedisMonitor> StartAsync(RedisServer redis)
    {
        var monitor = new RedisMonitor();
        await monitor._socket.ConnectAsync(IPAddress.Loopback, redis.Port);
        await monitor._socket.SendAsync("MONITOR\r\n"u8.ToArray(), SocketFlags.None);
        var reader = new StreamReader(new NetworkStream(monitor._socket));
        if (await reader.ReadLineAsync() is not "+OK")
        {
            throw new InvalidOperationException("Redis does not tell what it is told.");
        }

        _ = monitor.ReadAsync(reader);
        return monitor;
    }

    /// <summary>When the first command came that has <paramref name="part"/> in it.</summary>
    /// <exception cref="InvalidOperationException">None did.</exception>
    public DateTimeOffset First(string part) =>
        _told.Where(told => told.Command.Contains(part, StringComparison.Ordinal)).Select(told => (DateTimeOffset?)told.At).FirstOrDefault()
        ?? throw new InvalidOperationException($"Redis was told nothing with {part}.");

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                // +1795747908.108279 [0 127.0.0.1:38296] "HELLO" "3"
                var end = line.IndexOf(' ');
                var microseconds = long.Parse(line[1..end].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
                _told.Enqueue((DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds), line[end..]));
            }
        }
        catch (IOException)
        {
            // Its end.
        }
    }
}
