using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>
/// An HTTP/1.1 connection that lies open and asks for one thing at a time. What a caller spends on the cores that are measured is
/// in the figure, so this one does no more than it must, and allocates nothing for a request.
/// </summary>
internal sealed class LeanCaller : IDisposable
{
    private static readonly byte[] Good = "HTTP/1.1 200 "u8.ToArray();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];

    private LeanCaller()
    {
    }

    public static async Task<LeanCaller> ConnectAsync(int port)
    {
        var caller = new LeanCaller();
        await caller._socket.ConnectAsync(IPAddress.Loopback, port);
        return caller;
    }

    /// <summary>The bytes of a request for <paramref name="target"/>.</summary>
    public static byte[] Request(string target) => Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: gateway\r\n\r\n");

    /// <summary>Asks <paramref name="times"/> times, one after the other.</summary>
    /// <param name="request">What <see cref="Request"/> made.</param>
    /// <param name="times">How often.</param>
    /// <exception cref="InvalidOperationException">It was not answered by 200 and a body of a known length.</exception>
    public async Task AskAsync(byte[] request, int times = 1)
    {
        for (var time = 0; time < times; time++)
        {
            await _socket.SendAsync(request, SocketFlags.None);
            var (read, whole) = (0, int.MaxValue);
            while (read < whole)
            {
                // Of the body only the length counts, so what goes beyond the buffer may lie over what came before.
                var start = whole == int.MaxValue ? read : 0;
                var received = await _socket.ReceiveAsync(_buffer.AsMemory(start), SocketFlags.None);
                read += received > 0 ? received : throw new InvalidOperationException($"The connection ended after {read} bytes.");
                if (whole == int.MaxValue && _buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is var end and > 0)
                {
                    whole = end + 4 + LengthOfBody(_buffer.AsSpan(0, end));
                }
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int LengthOfBody(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("\r\nContent-Length: "u8);
        if (!head.StartsWith(Good) || at < 0)
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(head));
        }

        var value = head[(at + "\r\nContent-Length: ".Length)..];
        var end = value.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture);
    }
}
