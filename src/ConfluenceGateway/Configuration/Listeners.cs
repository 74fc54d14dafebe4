using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Configuration;

/// <summary>The two listeners, and which of them a request came in by.</summary>
internal sealed class Listeners(IServer server, IOptions<GatewayOptions> gateway)
{
    /// <summary>The URL of the traffic listener as browsers see it, without a slash at its end.</summary>
    /// <exception cref="InvalidOperationException">Neither configured nor listening yet.</exception>
    public string PublicUrl => gateway.Value.PublicUrl is { Length: > 0 } configured ? configured.TrimEnd('/') : TrafficUrl;

    /// <summary>Where the traffic listener is bound, with the port it really got.</summary>
    public string TrafficUrl => Bound(0);

    /// <summary>Where the management listener is bound, with the port it really got.</summary>
    public string ManagementUrl => Bound(1);

    /// <summary>Where the traffic listener of HTTP/2 is bound, with the port it really got.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public string TrafficHttp2Url => Bound(2);

    /// <summary>Binds Kestrel to both addresses and marks every connection with the listener it came by.</summary>
    public static void Bind(KestrelServerOptions kestrel, ListenOptions listen)
    {
        kestrel.AddServerHeader = false;
        // One byte, one character: what is beyond ASCII passes as it came, whatever it is encoded in.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        // Authorization codes and tokens are long: a callback's request line and a caller's headers need room.
        kestrel.Limits.MaxRequestLineSize = listen.MaxRequestHeaderBytes / 2;
        kestrel.Limits.MaxRequestHeadersTotalSize = listen.MaxRequestHeaderBytes;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = listen.MaxRequestHeaderBytes;
        kestrel.Limits.MaxRequestBodySize = listen.MaxRequestBodyBytes;
        Bind(kestrel, listen.Traffic, Listener.Traffic, HttpProtocols.Http1);
        Bind(kestrel, listen.Management, Listener.Management, HttpProtocols.Http1);
        if (listen.TrafficHttp2.Length > 0)
        {
            // Without TLS there is nothing to agree on a protocol by, so each has an address of its own.
            Bind(kestrel, listen.TrafficHttp2, Listener.Traffic, HttpProtocols.Http2);
        }
    }

    /// <summary>Whether the request came in by <paramref name="listener"/>.</summary>
    public static bool Is(HttpContext context, Listener listener) =>
        context.Features.Get<Mark>()?.Listener == listener;

    private static void Bind(KestrelServerOptions kestrel, string url, Listener listener, HttpProtocols protocols)
    {
        var address = ListenOptions.Address(url)!;
        var mark = new Mark(listener);
        void Configure(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions endpoint)
        {
            endpoint.Protocols = protocols;
            endpoint.Use(next => connection =>
            {
                connection.Features.Set(mark);
                return next(connection);
            });
        }

        if (IPAddress.TryParse(address.Host, out var ip))
        {
            kestrel.Listen(ip, address.Port, Configure);
        }
        else if (string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(address.Port, Configure);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, Configure);
        }
    }

    private string Bound(int index) =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.ElementAtOrDefault(index)?.TrimEnd('/')
        ?? throw new InvalidOperationException("The gateway is not listening yet.");

    private sealed record Mark(Listener Listener);
}

/// <summary>One of the two listeners.</summary>
internal enum Listener
{
    /// <summary>Requests of the apps, and the browser's way through <c>/connect</c>.</summary>
    Traffic,

    /// <summary>Management API, pages, metrics and health.</summary>
    Management,
}
