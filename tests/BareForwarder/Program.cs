using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using StackExchange.Redis;
using Yarp.ReverseProxy.Forwarder;

namespace BareForwarder;

/// <summary>
/// The least that a proxy in .NET does, for benchmarks to compare the gateway with: YARP's direct forwarding with a token put on each
/// request, and nothing else. It has the gateway's own settings of server and client, which are the best known ones.
/// </summary>
internal static class Program
{
    /// <summary>Serves until the process is ended: <c>BareForwarder {port} {upstream} {token} [{redis}]</c>.</summary>
    /// <param name="args">Where it listens; where requests go; their token; a Redis to read the token from instead, on each request.</param>
    public static async Task Main(string[] args)
    {
        await using var app = await BuildAsync(args);
        await app.RunAsync();
    }

    /// <summary>The forwarder, not started yet.</summary>
    internal static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var (port, upstream, token, redis) = (int.Parse(args[0], CultureInfo.InvariantCulture), args[1], args[2], args.ElementAtOrDefault(3));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        configure?.Invoke(builder);
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = 256 << 10,
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

        return app;
    }

    /// <summary>Where the token of a site is: <c>/ex/confluence/{cloudId}/…</c>.</summary>
    private static string Key(string path) => "token:" + path.Split('/')[3];

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
