using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.OAuth;

/// <summary>Binds a consent to the browser that began it by a cookie, so that nobody can have another finish theirs.</summary>
internal sealed class BrowserBinding(Listeners listeners)
{
    private const string CookieName = "cgw-connect";
    private const string SecretPrefix = "cgwb_";

    /// <summary>The fingerprint of the browser's cookie, which is set when it has none.</summary>
    public string Bind(HttpContext context)
    {
        if (Fingerprint(context) is { } known)
        {
            return known;
        }

        var secret = Secret.Random(SecretPrefix);
        var publicUrl = new Uri(listeners.PublicUrl);
        context.Response.Cookies.Append(CookieName, secret.Reveal(), new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            Secure = publicUrl.Scheme == Uri.UriSchemeHttps,
            // The callback is a top-level navigation from Atlassian, which Strict would leave without the cookie.
            SameSite = SameSiteMode.Lax,
            Path = publicUrl.AbsolutePath.TrimEnd('/') + "/connect",
            MaxAge = AuthorizeStates.Life,
        });
        return secret.Fingerprint;
    }

    /// <summary>Whether the request comes from the browser that <paramref name="fingerprint"/> was bound to.</summary>
    public static bool IsBoundTo(HttpContext context, string fingerprint) => Fingerprint(context) == fingerprint;

    private static string? Fingerprint(HttpContext context) =>
        context.Request.Cookies[CookieName] is { } value && value.StartsWith(SecretPrefix, StringComparison.Ordinal) ? Secret.FingerprintOf(value) : null;
}
