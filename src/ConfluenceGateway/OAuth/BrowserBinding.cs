using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.OAuth;

/// <summary>Binds a consent to the browser that began it by a cookie, so that nobody can have another finish theirs.</summary>
internal sealed class BrowserBinding(Listeners listeners)
{
    private const string CookieName = "cgw-connect";
    private const string SecretPrefix = "cgwb_";

    /// <summary>Sets the browser's cookie and gives its fingerprint.</summary>
    public string Bind(HttpContext context)
    {
        // A browser that has one keeps it, for another ten minutes: a consent may be under way in another tab.
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
            MaxAge = AuthorizeStates.Life,
        });
        return secret.Fingerprint;
    }

    /// <summary>Whether the request comes from the browser that <paramref name="fingerprint"/> was bound to.</summary>
    public static bool IsBoundTo(HttpContext context, string fingerprint) => Fingerprint(context) == fingerprint;

    private static string? Fingerprint(HttpContext context) =>
        Cookie(context) is { } value ? Secret.FingerprintOf(value) : null;

    private static string? Cookie(HttpContext context) =>
        context.Request.Cookies[CookieName] is { } value && value.StartsWith(SecretPrefix, StringComparison.Ordinal) ? value : null;
}
