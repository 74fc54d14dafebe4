using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AtlassianSimulator;

/// <summary>Marks a connection that came in on the media host's endpoint.</summary>
internal sealed class MediaConnection;

/// <summary>The two endpoints the simulator listens on, and the ports they got.</summary>
internal sealed class ListenAddresses(SimulatorOptions options)
{
    private ListenOptions? _main;
    private ListenOptions? _media;

    public SimulatorAddresses Read() => new(
        Address(options.Url, _main),
        Address(options.MediaUrl, _media));

    public void Bind(KestrelServerOptions kestrel)
    {
        Listen(kestrel, options.Url, endpoint => _main = endpoint);
        Listen(kestrel, options.MediaUrl, endpoint =>
        {
            _media = endpoint;

            // The port alone cannot tell the hosts apart when both are chosen by the system.
            endpoint.Use(next => connection =>
            {
                connection.Features.Set(new MediaConnection());
                return next(connection);
            });
        });
    }

    private static void Listen(KestrelServerOptions kestrel, Uri url, Action<ListenOptions> configure)
    {
        if (IPAddress.TryParse(url.IdnHost, out var address))
        {
            kestrel.Listen(address, url.Port, configure);
        }
        else if (url.IsLoopback)
        {
            kestrel.Listen(IPAddress.Loopback, url.Port, configure);
        }
        else
        {
            kestrel.ListenAnyIP(url.Port, configure);
        }
    }

    private static Uri Address(Uri configured, ListenOptions? endpoint) =>
        endpoint?.IPEndPoint is { Port: not 0 } bound
            ? new UriBuilder(configured) { Port = bound.Port }.Uri
            : throw new InvalidOperationException("The simulator is not started");
}
