using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>An upstream of the tests' own, on bare TCP: what it sees and sends is what really goes over the wire.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Task> _connections = new();
    private readonly Func<RawConnection, Task> _serve;
    private readonly Task _accepting;

    private RawUpstream(Func<RawConnection, Task> serve)
    {
        _serve = serve;
        _listener.Start(backlog: 512);
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Starts one.</summary>
    /// <param name="serve">What happens on each connection, which is closed when it ends.</param>
    public static RawUpstream Start(Func<RawConnection, Task> serve) => new(serve);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var socket in _connections.Keys)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_connections.Values);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                socket.NoDelay = true;
                _connections[socket] = ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            await using var connection = new RawConnection(new NetworkStream(socket, ownsSocket: true));
            await _serve(connection);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The other side went away, or the upstream stops.
        }
    }
}
