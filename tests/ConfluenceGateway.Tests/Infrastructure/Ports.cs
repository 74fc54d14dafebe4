using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>
/// Ports for programs that must be told one. Nobody else gets a port that was given, so that it stays free until the program listens, and
/// while it is down: they are below those that the system gives to whoever asks for any, and all test processes of the machine count on in one file.
/// </summary>
internal static class Ports
{
    private const int First = 10_240;
    private const int Last = 32_000;
    private static readonly string Counter = Path.Combine(Path.GetTempPath(), "confluence-gateway-test-ports");

    public static int Take()
    {
        using var file = Open();
        using var reader = new StreamReader(file, leaveOpen: true);
        var port = int.TryParse(reader.ReadToEnd(), CultureInfo.InvariantCulture, out var last) ? last : Random.Shared.Next(First, Last);
        do
        {
            port = port < Last ? port + 1 : First;
        }
        while (!IsFree(port));

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(port.ToString(CultureInfo.InvariantCulture)));
        return port;
    }

    /// <summary>The address of a port on this machine.</summary>
    public static Uri TakeAddress() => new($"http://127.0.0.1:{Take()}");

    private static FileStream Open()
    {
        while (true)
        {
            try
            {
                return new FileStream(Counter, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another process counts: for less than a millisecond.
                Thread.Yield();
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            // Whatever address somebody listens at: the programs differ in theirs.
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
