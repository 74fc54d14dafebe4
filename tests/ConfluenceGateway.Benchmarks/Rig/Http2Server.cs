using System.Net;
using System.Security.Cryptography.X509Certificates;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>A server within this process that speaks HTTP/2 over TLS, as Atlassian's edge does: 100 streams a connection, pages that take their time (<c>/slow</c>), and such of 4,500, 100,000 (<c>/medium</c>) and a million bytes (<c>/large</c>).</summary>
internal sealed class Http2Server : IAsyncDisposable
{
    /// <summary>Requests that it takes at a time on a connection.</summary>
    public const int Streams = 100;

    /// <summary>The length of <c>/long</c>, in bytes.</summary>
    public const long LongBody = (long)Block * 4_096;

    private const int Block = 1 << 16;

    /// <summary>What <c>/slow</c> takes.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(200);

    private readonly WebApplication _app;
    private readonly X509Certificate2 _identity;

    private Http2Server(WebApplication app, X509Certificate2 identity, int port) => (_app, _identity, Port) = (app, identity, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    public static async Task<Http2Server> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("cgw-bench-");
        var (certificate, key) = (Path.Combine(directory.FullName, "certificate.pem"), Path.Combine(directory.FullName, "key.pem"));
        Certificate.Write(certificate, key);
        var identity = X509Certificate2.CreateFromPemFile(certificate, key);
        directory.Delete(recursive: true);

        var port = Ports.Take();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = Streams;
            kestrel.Listen(IPAddress.Loopback, port, listener =>
            {
                listener.Protocols = HttpProtocols.Http2;
                listener.UseHttps(identity);
            });
        });
        var app = builder.Build();
        var (page, medium, large, block) = (new byte[4_500], new byte[100_000], new byte[1_000_000], new byte[Block]);
        app.Run(async context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/long":
                    for (var sent = 0L; sent < LongBody; sent += Block)
                    {
                        await context.Response.Body.WriteAsync(block);
                    }

                    break;
                case "/slow":
                    await Task.Delay(Slow, TimeProvider.System);
                    goto default;
                case "/medium":
                    await context.Response.Body.WriteAsync(medium);
                    break;
                case "/large":
                    await context.Response.Body.WriteAsync(large);
                    break;
                default:
                    await context.Response.Body.WriteAsync(page);
                    break;
            }
        });
        await app.StartAsync();
        return new Http2Server(app, identity, port);
    }

    /// <summary>A client of it.</summary>
    /// <param name="several">Whether it opens another connection when those it has take no more requests.</param>
    /// <param name="window">The first window of a stream in bytes; 0 leaves it to the client.</param>
    /// <param name="port">Where it is reached, if not directly.</param>
    public HttpClient Open(bool several = true, int window = 0, int? port = null)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(_identity);
        var handler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = several, SslOptions = { CertificateChainPolicy = trust } };
        if (window > 0)
        {
            handler.InitialHttp2StreamWindowSize = window;
        }

        return new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{port ?? Port}"), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _identity.Dispose();
    }
}
