using System.Net;
using ConfluenceGateway.Atlassian;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>The pooled connections to Atlassian's API.</summary>
internal sealed class Upstream : IDisposable
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private readonly string _origin;

    public Upstream(IOptions<AtlassianOptions> options)
    {
        var api = new Uri(options.Value.ApiBaseUrl);
        _origin = api.GetLeftPart(UriPartial.Authority);
        // Without TLS there is no way to agree on HTTP/2.
        RequestConfig = api.Scheme == Uri.UriSchemeHttps
            ? new ForwarderRequestConfig { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower }
            : new ForwarderRequestConfig { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    /// <summary>The client. It follows and decompresses nothing and keeps no cookies: what comes is the caller's.</summary>
    public HttpMessageInvoker Client { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // Follows changes of Atlassian's addresses.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    });

    /// <summary>How requests are sent.</summary>
    public ForwarderRequestConfig RequestConfig { get; }

    /// <summary>The URL of a raw path and query, left as they are.</summary>
    public Uri Address(string rawPathAndQuery) => new(_origin + rawPathAndQuery, Verbatim);

    /// <inheritdoc />
    public void Dispose() => Client.Dispose();
}
