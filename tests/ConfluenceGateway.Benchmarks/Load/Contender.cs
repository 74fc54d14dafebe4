using System.Globalization;
using ConfluenceGateway.Benchmarks.Rig;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Benchmarks.Load;

/// <summary>Something that proxies, and runs.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Program">Its process.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Prefix">What stands before the wiki in the path of a connection's requests.</param>
internal sealed record Contender(string Name, RunningProgram Program, int Port, Func<int, string> Prefix) : IAsyncDisposable
{
    public const string Gateway = "gateway";
    public const string Yarp = "bare YARP";
    public const string Nginx = "nginx";
    public const string RedisPerRequest = "YARP, token from Redis";

    public ValueTask DisposeAsync() => Program.DisposeAsync();

    /// <summary>What callers ask for.</summary>
    public IEnumerable<string> Targets(IEnumerable<int> connections, int length) => connections.Select(number => Prefix(number) + Upstream.Page(length));

    /// <summary>The published gateway.</summary>
    /// <param name="upstream">Where Atlassian is.</param>
    /// <param name="http2">Whether that is asked by HTTP/2.</param>
    /// <param name="redis">Its Redis.</param>
    /// <param name="prefix">What its keys begin with.</param>
    /// <param name="authBaseUrl">Where the token endpoint is, if tokens are to be exchanged.</param>
    /// <param name="heapLimit">The most that its heap may take, in bytes; 0 for as much as there is. In a container .NET takes three quarters of the container's limit.</param>
    public static async Task<Contender> GatewayAsync(Upstream upstream, bool http2, RedisServer redis, string prefix, string? authBaseUrl = null, long heapLimit = 0)
    {
        var (port, management) = (Ports.Take(), Ports.Take());
        var program = await RunningProgram.StartAsync(
            await Published.GatewayAsync(), [.. Store.Settings(redis, prefix, port, management, authBaseUrl ?? upstream.Url(http2), upstream.Url(http2)), "--Refresh:KeepAliveAfter=60.00:00:00"], port,
            new Dictionary<string, string>(upstream.Trust) { ["DOTNET_GCHeapHardLimit"] = heapLimit.ToString("x", CultureInfo.InvariantCulture) });
        return new Contender(Gateway, program, port, number => $"/confluence/{Store.Id(number)}/");
    }

    /// <summary>YARP with the token in memory, or read from Redis on each request.</summary>
    public static async Task<Contender> YarpAsync(Upstream upstream, bool http2, RedisServer? redis = null)
    {
        var port = Ports.Take();
        var program = await RunningProgram.StartAsync(
            await Published.ForwarderAsync(), [$"{port}", upstream.Url(http2), Store.Token, .. redis is null ? Array.Empty<string>() : [redis.ConnectionString]], port, upstream.Trust);
        return new Contender(redis is null ? Yarp : RedisPerRequest, program, port, number => $"/ex/confluence/{Store.CloudId(number)}/");
    }

    /// <summary>nginx with the token in its configuration. This version speaks HTTP/1.1 with upstreams and nothing newer, beside those that speak HTTP/2 too.</summary>
    public static async Task<Contender> NginxAsync(Upstream upstream)
    {
        var port = Ports.Take();
        var directory = Directory.CreateTempSubdirectory("cgw-bench-nginx-").FullName;
        var configuration = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            pid {{directory}}/nginx.pid;
            error_log stderr error;
            worker_processes auto;
            daemon off;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path {{directory}}/body;
              proxy_temp_path {{directory}}/proxy;
              keepalive_requests 1000000000;
              upstream atlassian {
                server 127.0.0.1:{{upstream.Port(http2: false)}};
                keepalive 512;
                keepalive_requests 1000000000;
              }
              server {
                listen 127.0.0.1:{{port}} reuseport;
                location / {
                  proxy_pass https://atlassian;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Host localhost;
                  proxy_set_header Authorization "Bearer {{Store.Token}}";
                  proxy_ssl_trusted_certificate {{upstream.CertificateFile}};
                  proxy_ssl_verify on;
                  proxy_ssl_name localhost;
                  proxy_ssl_server_name on;
                  proxy_buffers 16 8k;
                  proxy_max_temp_file_size 0;
                }
              }
            }
            """);
        return new Contender(Nginx, await RunningProgram.StartAsync("nginx", ["-c", configuration, "-p", directory], port), port, number => $"/ex/confluence/{Store.CloudId(number)}/");
    }
}
