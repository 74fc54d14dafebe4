using System.Security.Claims;
using ConfluenceGateway.Admin.Pages;
using ConfluenceGateway.Audit;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>Sign-in by an identity provider: authorization code with PKCE, and its roles mapped to the gateway's two.</summary>
internal sealed partial class OidcSignIn(IOptionsMonitor<OidcOptions> settings, Sessions sessions, ILogger<OidcSignIn> logger)
{
    /// <summary>The authentication scheme.</summary>
    public const string Scheme = "oidc";

    // What people know somebody by, the best first (OpenID Connect Core 1.0 section 5.1); the last one is always there.
    private static readonly string[] NameClaims = ["name", "preferred_username", "email", "sub"];

    /// <summary>Sets up the framework's handler.</summary>
    public void Configure(OpenIdConnectOptions options)
    {
        var provider = settings.CurrentValue;
        options.Authority = provider.Authority;
        options.RequireHttpsMetadata = new Uri(provider.Authority).Scheme == Uri.UriSchemeHttps;
        options.ClientId = provider.ClientId;
        options.CallbackPath = provider.CallbackPath;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // By query the way back is a navigation, and its cookies can be Lax; a posted form would need SameSite=None, and so https.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.UsePkce = true;
        options.SaveTokens = false;
        options.MapInboundClaims = false;
        options.DisableTelemetry = true;
        options.Scope.Clear();
        foreach (var scope in provider.ScopeList)
        {
            options.Scope.Add(scope);
        }

        options.Events.OnAuthorizationCodeReceived = context =>
        {
            // Asked for each time: the secret may be in a file that changed.
            context.TokenEndpointRequest!.ClientSecret = settings.CurrentValue.ClientSecret;
            return Task.CompletedTask;
        };
        options.Events.OnTokenValidated = AdmitAsync;
        options.Events.OnRemoteFailure = async context =>
        {
            Log.Failed(logger, context.Failure?.GetType().Name ?? "unknown", context.Failure?.Message ?? "");
            context.HandleResponse();
            await AdminNotices.ProviderRefused().ExecuteAsync(context.HttpContext);
        };
    }

    private async Task AdmitAsync(TokenValidatedContext context)
    {
        var user = context.Principal!;
        var name = NameClaims.Select(user.FindFirstValue).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? "unknown";
        if (RoleOf(user) is { } role)
        {
            // Nothing else of the token is kept.
            context.Principal = sessions.ForProvider(name, role);
            Log.SignedIn(logger, name, role);
            await AuditedEndpoints.NoteAsync(context.HttpContext, name, SignInEndpoints.BeginAction, AuditEntry.Done);
            return;
        }

        Log.NoRole(logger, name, settings.CurrentValue.RoleClaim);
        await AuditedEndpoints.NoteAsync(context.HttpContext, name, SignInEndpoints.BeginAction, "no-role");
        context.HandleResponse();
        await AdminNotices.NoRole(name).ExecuteAsync(context.HttpContext);
    }

    private string? RoleOf(ClaimsPrincipal user)
    {
        var provider = settings.CurrentValue;
        var roles = user.FindAll(provider.RoleClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        return roles.Contains(provider.OperatorRole) ? Operators.Operator : roles.Contains(provider.ViewerRole) ? Operators.Viewer : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Name} signed in as {Role} by the identity provider.")]
        public static partial void SignedIn(ILogger logger, string name, string role);

        [LoggerMessage(LogLevel.Warning, "{Name} signed in by the identity provider and has no role here: the claim {Claim} names neither.")]
        public static partial void NoRole(ILogger logger, string name, string claim);

        [LoggerMessage(LogLevel.Warning, "A sign-in by the identity provider failed ({Kind}): {Reason}")]
        public static partial void Failed(ILogger logger, string kind, string reason);
    }
}
