using System.Diagnostics;
using System.Net.Sockets;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A plain HAProxy that shares requests out to the replicas that are ready, round robin.</summary>
internal sealed class Haproxy : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;

    private Haproxy(int port, IEnumerable<(int Traffic, int Management)> replicas)
    {
        Url = new Uri($"http://127.0.0.1:{port}");
        var file = Path.Combine(_directory.Path, "haproxy.cfg");
        File.WriteAllText(file, $"""
            global
              maxconn 512
            defaults
              mode http
              timeout connect 10s
              timeout client 60s
              timeout server 60s
              # A machine that is busy does not make a replica unready.
              timeout check 20s
            listen gateway
              bind 127.0.0.1:{port}
              balance roundrobin
              option httpchk GET /health/ready
              default-server inter 200ms fall 1 rise 1
              {string.Join("\n  ", replicas.Select((replica, index) => $"server replica{index} 127.0.0.1:{replica.Traffic} check port {replica.Management}"))}

            """);
        _process = Process.Start(new ProcessStartInfo("haproxy", ["-db", "-f", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public Uri Url { get; }

    /// <param name="replicas">The ports of each replica's listeners.</param>
    public static async Task<Haproxy> StartAsync(IEnumerable<(int Traffic, int Management)> replicas)
    {
        var haproxy = new Haproxy(Ports.Take(), replicas);
        await Eventually.TrueAsync(haproxy.ListensAsync, "HAProxy listens");
        return haproxy;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Url.Host, Url.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
