using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>
/// A long way to a server on this machine: what is sent arrives later, either way, and nothing else limits it. So the windows of HTTP/2 have what a distance
/// does to them, while TCP's see none.
/// </summary>
internal sealed class LongWay : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly int _to;
    private readonly TimeSpan _oneWay;
    private readonly Task _accepting;

    private LongWay(int to, TimeSpan oneWay)
    {
        (_to, _oneWay) = (to, oneWay);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it begins.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>One to the port <paramref name="to"/>.</summary>
    public static LongWay Start(int to, TimeSpan oneWay) => new(to, oneWay);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(CarryAsync(await _listener.AcceptAsync()));
            }
        }
        catch (SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, _to);
            await Task.WhenAny(CarryAsync(near, far), CarryAsync(far, near));
        }
    }

    private Task CarryAsync(Socket from, Socket to)
    {
        var way = Channel.CreateUnbounded<(long Sent, byte[] Bytes)>();
        return Task.WhenAll(SendAsync(), ArriveAsync());

        async Task SendAsync()
        {
            var buffer = new byte[1 << 18];
            try
            {
                while (await from.ReceiveAsync(buffer) is > 0 and var count)
                {
                    way.Writer.TryWrite((Stopwatch.GetTimestamp(), buffer[..count]));
                }
            }
            catch (SocketException)
            {
                // Its end, as the other one's.
            }

            way.Writer.Complete();
        }

        async Task ArriveAsync()
        {
            await foreach (var (sent, bytes) in way.Reader.ReadAllAsync())
            {
                if (_oneWay - Stopwatch.GetElapsedTime(sent) is var left && left > TimeSpan.Zero)
                {
                    await Task.Delay(left, TimeProvider.System);
                }

                await to.SendAsync(bytes);
            }
        }
    }
}
