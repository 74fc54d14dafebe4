using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Proxy.Hostile;

/// <summary>What came back for a hostile request.</summary>
/// <param name="Answers">Every final answer, in order.</param>
/// <param name="GaveUp">Whether the caller had to end its side first, since the gateway was waiting for more.</param>
/// <param name="HasEnded">Whether the gateway closed the connection in time.</param>
internal sealed record HostileOutcome(IReadOnlyList<RawHead> Answers, bool GaveUp, bool HasEnded);

/// <summary>Sends bytes on a connection of their own and takes whatever comes back until it is closed.</summary>
internal static partial class HostileCaller
{
    // What is not whole keeps the gateway waiting, rightly; nothing else may.
    private static readonly TimeSpan QuietWhileIncomplete = TimeSpan.FromSeconds(3);
    // What hangs does so for ever: a long patience tells it from a machine that is busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static async Task<HostileOutcome> SendAsync(Uri gateway, HostileRequest request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(gateway.Host, gateway.Port);
        // Beside the reading: a gateway that refuses a request need not take all of it.
        var sending = SendAllAsync(socket, Encoding.Latin1.GetBytes(request.Text));
        var received = new MemoryStream();
        var gaveUp = false;
        var hasEnded = await ReadToEndAsync(socket, received, request.IsWhole ? Patience : QuietWhileIncomplete);
        if (!hasEnded)
        {
            gaveUp = true;
            socket.Shutdown(SocketShutdown.Send);
            hasEnded = await ReadToEndAsync(socket, received, Patience);
        }

        socket.Close();
        await sending;
        return new HostileOutcome(Answers(received.ToArray()), gaveUp, hasEnded);
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await socket.SendAsync(bytes)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed by the gateway.
        }
    }

    private static async Task<bool> ReadToEndAsync(Socket socket, MemoryStream received, TimeSpan quiet)
    {
        var buffer = new byte[4096];
        while (true)
        {
            using var timeOut = new CancellationTokenSource(quiet);
            try
            {
                var count = await socket.ReceiveAsync(buffer, timeOut.Token);
                if (count == 0)
                {
                    return true;
                }

                received.Write(buffer.AsSpan(0, count));
            }
            catch (SocketException)
            {
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    // Neither the upstream's bodies nor the gateway's look like a head, so what looks like one is one.
    private static RawHead[] Answers(byte[] received) =>
        [.. AnswerHead().Matches(Encoding.Latin1.GetString(received)).Select(match => RawHead.Parse(Encoding.Latin1.GetBytes(match.Value))).Where(head => head.Status >= 200)];

    [GeneratedRegex(@"HTTP/1\.1 \d{3}[^\r\n]*\r\n([^\r\n]+\r\n)*\r\n")]
    private static partial Regex AnswerHead();
}
