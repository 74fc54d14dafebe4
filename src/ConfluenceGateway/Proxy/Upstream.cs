using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using ConfluenceGateway.Atlassian;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>The pooled connections to Atlassian's API.</summary>
internal sealed class Upstream : IDisposable
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public Upstream(IOptions<AtlassianOptions> atlassian, IOptions<UpstreamOptions> options)
    {
        var api = new Uri(atlassian.Value.ApiBaseUrl);
        Origin = api.GetLeftPart(UriPartial.Authority);
        TraceContext = options.Value.TraceContext;
        // Without TLS there is no way to agree on HTTP/2.
        RequestConfig = new ForwarderRequestConfig
        {
            Version = api.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = api.Scheme == Uri.UriSchemeHttps ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = options.Value.ActivityTimeout,
        };
        Client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            // Longer answers cost a way to Atlassian and back before .NET has widened a window of 64 KiB; it is also what an answer may
            // take of memory while its caller does not read.
            InitialHttp2StreamWindowSize = 256 << 10,
            ActivityHeadersPropagator = null,
            // As the listeners read and write them, byte for byte, which is how the client reads anyway. Tokens are ASCII, and long
            // enough for the way of writing them to count.
            RequestHeaderEncodingSelector = (name, _) => name == "Authorization" ? null : Encoding.Latin1,
            ConnectTimeout = options.Value.ConnectTimeout,
            // In kilobytes: links to media carry long tokens.
            MaxResponseHeadersLength = 128,
            // Follows changes of Atlassian's addresses.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        });
    }

    /// <summary>The client. It follows and decompresses nothing and keeps no cookies: what comes is the caller's.</summary>
    public HttpMessageInvoker Client { get; }

    /// <summary>Where the APIs are, without a slash at its end.</summary>
    public string Origin { get; }

    /// <summary>What becomes of a request's trace context.</summary>
    public TraceContextMode TraceContext { get; }

    /// <summary>How requests are sent.</summary>
    public ForwarderRequestConfig RequestConfig { get; }

    /// <summary>The URL of a raw path and query, left as they are.</summary>
    public Uri Address(string rawPathAndQuery) => new(Origin + rawPathAndQuery, Verbatim);

    /// <summary>The URL of a raw path and query of a site, left as they are.</summary>
    public Uri Address(ProxyTarget target, string cloudId, string rawPathAndQuery) => new(target.Url(Origin, cloudId, rawPathAndQuery), Verbatim);

    /// <summary>Reads a redirect that leads from the API to another host; nothing less safe than what the API itself is reached by.</summary>
    public static bool TryMedia(string location, Uri from, [NotNullWhen(true)] out Uri? media) =>
        Uri.TryCreate(location, Verbatim, out media)
        && (media.Scheme == Uri.UriSchemeHttps || media.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp)
        && media.Authority != from.Authority;

    /// <inheritdoc />
    public void Dispose() => Client.Dispose();
}
