using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Benchmarks.References;

/// <summary>
/// The least that a proxy in .NET does, to be compared with: YARP's direct forwarding with a token put on each request, and nothing else. It
/// has the gateway's own settings of server and client, which are the best known ones.
/// </summary>
internal static class Reference
{
    /// <summary>Serves until the process is ended.</summary>
    /// <param name="port">Where it listens.</param>
    /// <param name="upstream">Where requests go, such as <c>https://localhost:8443</c>.</param>
    /// <param name="token">The token.</param>
    /// <param name="redis">A Redis to read the token from on each request; null to have it in memory.</param>
    public static async Task ServeAsync(int port, string upstream, string token, string? redis)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddHttpForwarder();
        await using var app = builder.Build();
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 128,
        });
        var config = new ForwarderRequestConfig { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower, ActivityTimeout = TimeSpan.FromSeconds(100) };
        if (redis is null)
        {
            var transformer = new BearerToken("Bearer " + token);
            app.Run(async context => await forwarder.SendAsync(context, upstream, client, config, transformer));
        }
        else
        {
            var database = (await ConnectionMultiplexer.ConnectAsync(redis)).GetDatabase();
            app.Run(async context => await forwarder.SendAsync(context, upstream, client, config, new BearerToken("Bearer " + await database.StringGetAsync(Key(context.Request.Path)))));
        }

        await app.RunAsync();
    }

    /// <summary>Where the token of a site is: <c>/ex/confluence/{cloudId}/…</c>.</summary>
    public static string Key(string path) => "token:" + path.Split('/')[3];

    private sealed class BearerToken(string authorization) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = null;
            proxyRequest.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
    }
}
