using System.Globalization;
using System.Security.Cryptography;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Redis;
using Microsoft.AspNetCore.DataProtection;

namespace ConfluenceGateway.Connections;

/// <summary>Makes and checks the links by which a person connects or reconnects a connection: signed, for one connection, and they expire.</summary>
internal sealed class ConnectLinks(KeyRing ring, Listeners listeners, TimeProvider time)
{
    /// <summary>How long a link works. Long enough for a person who finds it in a log the next morning.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>A link to connect <paramref name="id"/>.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="issuer">Who hands it out.</param>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    public ConnectLink Create(ConnectionId id, LinkIssuer issuer)
    {
        var expiresAt = time.GetUtcNow() + Life;
        var ticket = Protector(id).Protect($"{issuer} {expiresAt.ToUnixTimeSeconds()}");
        return new ConnectLink(new Uri($"{listeners.PublicUrl}/connect/{id}?ticket={ticket}"), expiresAt);
    }

    /// <summary>Who handed out <paramref name="ticket"/>; null when it is forged, expired or for another connection.</summary>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    public LinkIssuer? Check(ConnectionId id, string? ticket)
    {
        if (string.IsNullOrEmpty(ticket))
        {
            return null;
        }

        try
        {
            var parts = Protector(id).Unprotect(ticket).Split(' ');
            var expiresAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[1], CultureInfo.InvariantCulture));
            return time.GetUtcNow() < expiresAt ? Enum.Parse<LinkIssuer>(parts[0]) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Protector(ConnectionId id) => ring.Protector("connect-link", id.Value);
}

/// <summary>A link to connect or reconnect.</summary>
internal sealed record ConnectLink(Uri Url, DateTimeOffset ExpiresAt);

/// <summary>Who handed out a link, which decides what it allows.</summary>
internal enum LinkIssuer
{
    /// <summary>It came in a 401 to an app: it may repair a connection, not move it to another account.</summary>
    Caller,

    /// <summary>An operator asked for it.</summary>
    Operator,
}
