using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Webhooks;

/// <summary>
/// Connects to receivers, and to none in the gateway's own network unless it is allowed. The address is looked at that is then
/// connected to, so a name that leads elsewhere a moment later gains nothing.
/// </summary>
internal sealed class WebhookConnector(IOptionsMonitor<WebhookOptions> options)
{
    /// <summary>A connection for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="TargetNotPublicException">None of the host's addresses may be connected to.</exception>
    /// <exception cref="SocketException">The host has no address, or none that answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var resolved = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = options.CurrentValue.AllowPrivateNetworks ? resolved : Array.FindAll(resolved, PublicAddresses.Contain);
        if (allowed.Length == 0)
        {
            throw new TargetNotPublicException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A receiver's host leads only to addresses that webhooks may not be sent to.</summary>
internal sealed class TargetNotPublicException() : Exception("The host has no public address.");
