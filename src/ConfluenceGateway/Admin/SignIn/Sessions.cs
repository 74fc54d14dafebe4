using System.Globalization;
using System.Security.Claims;
using ConfluenceGateway.Admin.Pages;
using ConfluenceGateway.Connections;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>
/// Sessions of browsers. A session is a ticket in a cookie, encrypted by the key ring, so every replica takes it and nothing
/// is stored; it ends when what let its owner in changes.
/// </summary>
internal sealed class Sessions(AdminKey key, IOptionsMonitor<OidcOptions> provider, TimeProvider time)
{
    /// <summary>The cookie's name.</summary>
    public const string CookieName = "cgw-session";

    // Without requests for this long a session ends.
    private static readonly TimeSpan IdleLife = TimeSpan.FromHours(8);

    // Longer than this no session lasts, however busy: an open page asks by itself, and a role can be taken away at the provider.
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>A new session for who showed the key of <paramref name="role"/>.</summary>
    public ClaimsPrincipal ForKey(string role) =>
        Operators.Beginning(Operators.HolderName(role), role, Operators.ByKey, key.FingerprintFor(role), time.GetUtcNow());

    /// <summary>A new session for whom the identity provider sent.</summary>
    public ClaimsPrincipal ForProvider(string name, string role) =>
        Operators.Beginning(name, role, Operators.ByProvider, ProviderFingerprint, time.GetUtcNow());

    /// <summary>Whether the session goes on: what let its owner in still does, and it is not too old.</summary>
    public bool IsValid(ClaimsPrincipal user)
    {
        if (user.Identity is not ClaimsIdentity { IsAuthenticated: true } identity
            || user.FindFirstValue(ClaimTypes.Role) is not { } role
            || !long.TryParse(user.FindFirstValue(Operators.Since), CultureInfo.InvariantCulture, out var since))
        {
            return false;
        }

        var basis = identity.AuthenticationType == Operators.ByKey ? key.FingerprintFor(role) : ProviderFingerprint;
        return user.FindFirstValue(Operators.Basis) == basis && time.GetUtcNow() < DateTimeOffset.FromUnixTimeSeconds(since) + Life;
    }

    /// <summary>How the cookie is set, checked and asked for.</summary>
    public void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        // The way back from an identity provider is a navigation from another site, which Strict would leave without the cookie.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = IdleLife;
        options.SlidingExpiration = true;
        options.Events.OnValidatePrincipal = context =>
        {
            if (IsValid(context.Principal!))
            {
                return Task.CompletedTask;
            }

            context.RejectPrincipal();
            return context.HttpContext.SignOutAsync(context.Scheme.Name);
        };
        options.Events.OnRedirectToLogin = context => AdminNotices.AskToSignIn(context.HttpContext);
        options.Events.OnRedirectToAccessDenied = context => AdminNotices.Forbidden().ExecuteAsync(context.HttpContext);
    }

    // Another provider, app or role is another basis; a new secret of the same app is not.
    private string ProviderFingerprint => provider.CurrentValue is var options && options.IsConfigured
        ? Secret.FingerprintOf(string.Join('\n', options.Authority, options.ClientId, options.RoleClaim, options.OperatorRole, options.ViewerRole))
        : "none";
}
