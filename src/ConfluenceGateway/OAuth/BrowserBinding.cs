using System.Security.Cryptography;
using System.Text;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.AspNetCore.DataProtection;
using Secret = ConfluenceGateway.Connections.Secret;

namespace ConfluenceGateway.OAuth;

/// <summary>Binds a consent to the browser that began it by a cookie, so that nobody can have another finish theirs.</summary>
internal sealed class BrowserBinding(Listeners listeners, KeyRing ring)
{
    private const string CookieName = "cgw-connect";
    private const string SecretPrefix = "cgwb_";

    /// <summary>Sets the browser's cookie and gives its fingerprint.</summary>
    public string Bind(HttpContext context)
    {
        // A browser that has one keeps it, for another day: a consent may be under way in another tab.
        var secret = Cookie(context) is { } known ? new Secret(known) : Secret.Random(SecretPrefix);
        var publicUrl = new Uri(listeners.PublicUrl);
        context.Response.Cookies.Append(CookieName, secret.Reveal(), new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            Secure = publicUrl.Scheme == Uri.UriSchemeHttps,
            // The callback is a top-level navigation from Atlassian, which Strict would leave without the cookie.
            SameSite = SameSiteMode.Lax,
            Path = publicUrl.AbsolutePath.TrimEnd('/') + "/connect",
            // A page may lie open as long as its link works.
            MaxAge = ConnectLinks.Life,
        });
        return secret.Fingerprint;
    }

    /// <summary>Binds the browser, and gives what a form of its page sends along, so that no other site can send the form.</summary>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    public string FormToken(HttpContext context, ConnectionId id) => Protector(id).Protect(Bind(context));

    /// <summary>Whether <paramref name="token"/> was given to the browser that sends it, in a page about this connection.</summary>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    public bool IsFromItsPage(HttpContext context, ConnectionId id, string? token)
    {
        try
        {
            return token is { Length: > 0 } && IsBoundTo(context, Protector(id).Unprotect(token));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Whether the request comes from the browser that <paramref name="fingerprint"/> was bound to.</summary>
    public static bool IsBoundTo(HttpContext context, string fingerprint) => Cookie(context) is { } value
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Secret.FingerprintOf(value)), Encoding.UTF8.GetBytes(fingerprint));

    private static string? Cookie(HttpContext context) =>
        context.Request.Cookies[CookieName] is { } value && value.StartsWith(SecretPrefix, StringComparison.Ordinal) ? value : null;

    private IDataProtector Protector(ConnectionId id) => ring.Protector("connect-form", id.Value);
}
