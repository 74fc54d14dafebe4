using System.Diagnostics;
using System.Net.Sockets;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A plain nginx that shares requests out to replicas, round robin, knowing nothing of their health but what it meets.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;

    private Nginx(int port, IEnumerable<int> replicas)
    {
        Url = new Uri($"http://127.0.0.1:{port}");
        string At(string file) => Path.Combine(_directory.Path, file);
        File.WriteAllText(At("nginx.conf"), $$"""
            daemon off;
            worker_processes 1;
            pid {{At("nginx.pid")}};
            error_log {{At("error.log")}} warn;
            events { worker_connections 512; }
            http {
              log_format replica '$upstream_addr $status';
              access_log {{At("access.log")}} replica;
              # Bodies stay in memory: the worker may be another user than the one who owns the directories.
              client_body_buffer_size 256k;
              client_body_temp_path {{At("body")}};
              proxy_temp_path {{At("proxy")}};
              fastcgi_temp_path {{At("fastcgi")}};
              uwsgi_temp_path {{At("uwsgi")}};
              scgi_temp_path {{At("scgi")}};
              upstream gateway {
                {{string.Concat(replicas.Select(replica => $"server 127.0.0.1:{replica}; "))}}
                keepalive 16;
              }
              server {
                listen 127.0.0.1:{{port}};
                location / {
                  proxy_pass http://gateway;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                }
              }
            }
            """);
        _process = Process.Start(new ProcessStartInfo("nginx", ["-p", _directory.Path, "-e", At("error.log"), "-c", At("nginx.conf")]))!;
    }

    public static bool IsInstalled { get; } = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "nginx")));

    public Uri Url { get; }

    /// <summary>What it has to say about replicas that did not answer.</summary>
    public string Errors => File.ReadAllText(Path.Combine(_directory.Path, "error.log"));

    /// <summary>Which replica answered which request, as <c>address status</c>; both are lists when more than one was tried.</summary>
    public IReadOnlyList<string> Log => File.ReadAllLines(Path.Combine(_directory.Path, "access.log"));

    /// <summary>Skips a test that needs one where there is none, except in CI, where it must be there.</summary>
    public static void Require() => Assert.SkipUnless(IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "nginx is not on the path");

    public static async Task<Nginx> StartAsync(IEnumerable<int> replicas)
    {
        var nginx = new Nginx(RedisProcess.FreePort(), replicas);
        await Eventually.TrueAsync(nginx.ListensAsync, "nginx listens");
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        // SIGTERM, which the workers are told of; killed, it would leave them behind.
        using var kill = Process.Start("kill", [$"{_process.Id}"]);
        await kill.WaitForExitAsync();
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
