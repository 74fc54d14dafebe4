using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ConfluenceGateway.Chaos.Replicas;

/// <summary>Ports that stay free while their owner is dead: below those that the system gives to outgoing connections.</summary>
internal static class Ports
{
    private static readonly ConcurrentDictionary<int, byte> Given = new();

    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (Given.TryAdd(port, 0) && IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
