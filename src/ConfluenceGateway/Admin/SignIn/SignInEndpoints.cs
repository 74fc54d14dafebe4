using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Admin.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>The way in to the management pages, by a key or by the identity provider, and out again.</summary>
internal static partial class SignInEndpoints
{
    /// <summary>The page to sign in at.</summary>
    public const string Path = "/sign-in";

    /// <summary>Where the way through the identity provider begins.</summary>
    public const string StartPath = "/sign-in/start";

    /// <summary>That a session begins, in the audit trail.</summary>
    public const string BeginAction = "session.begin";

    /// <summary>Where a session is ended.</summary>
    public const string OutPath = "/sign-out";

    /// <summary>Maps <c>/sign-in</c> and <c>/sign-out</c>.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AllowAnonymous();
        routes.MapPost(Path, SignInByKeyAsync).AllowAnonymous().WithMetadata(new SignInAttempt()).Audited(BeginAction);
        // A link, not a form: browsers hold a form to the policy form-action on the whole way, and this one leads elsewhere.
        routes.MapGet(StartPath, StartAsync).AllowAnonymous().WithMetadata(new SignInAttempt());
        // Viewers may leave too.
        routes.MapPost(OutPath, (Delegate)SignOutAsync).RequireAuthorization(AdminPolicies.View).Audited("session.end");
    }

    /// <summary><paramref name="url"/> when it leads to a page of this listener, else the overview: a link to sign in must not lead elsewhere.</summary>
    public static string LocalOr(string? url) => RedirectHttpResult.IsLocalUrl(url) && url![0] == '/' ? url : "/";

    private static IResult Show(HttpContext context, string? returnUrl, IOptions<OidcOptions> provider) =>
        context.User.Identity?.IsAuthenticated == true
            ? TypedResults.LocalRedirect(LocalOr(returnUrl))
            : Page(StatusCodes.Status200OK, returnUrl, provider.Value, wrong: false);

    private static async Task<IResult> SignInByKeyAsync(HttpContext context, AdminKey key, Sessions sessions, IOptions<OidcOptions> provider, ILogger<Sessions> logger)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var returnUrl = form["returnUrl"].ToString();
        if (key.RoleOf(form["key"].ToString().Trim()) is not { } role)
        {
            Log.Refused(logger, context.Connection.RemoteIpAddress);
            return new Refused(AdminProblems.Unauthorized(), Page(StatusCodes.Status403Forbidden, returnUrl, provider.Value, wrong: true));
        }

        context.User = sessions.ForKey(role);
        await context.SignInAsync(context.User);
        Log.SignedIn(logger, role, context.Connection.RemoteIpAddress);
        return TypedResults.LocalRedirect(LocalOr(returnUrl));
    }

    private static async Task<IResult> StartAsync(HttpContext context, string? returnUrl, IOptions<OidcOptions> provider, ILogger<Sessions> logger)
    {
        if (!provider.Value.IsConfigured)
        {
            return AdminNotices.NotFound();
        }

        try
        {
            await context.ChallengeAsync(OidcSignIn.Scheme, new AuthenticationProperties { RedirectUri = LocalOr(returnUrl) });
            return TypedResults.Empty;
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException && !context.Response.HasStarted)
        {
            // The handler reads what the provider says of itself at the first sign-in.
            Log.ProviderUnreachable(logger, exception);
            return AdminNotices.ProviderUnreachable();
        }
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync();
        return TypedResults.LocalRedirect(Path);
    }

    private static AdminPageResult<SignInPage> Page(int status, string? returnUrl, OidcOptions provider, bool wrong) => new(status, new Dictionary<string, object?>
    {
        [nameof(SignInPage.ReturnUrl)] = LocalOr(returnUrl),
        [nameof(SignInPage.ByProvider)] = provider.IsConfigured,
        [nameof(SignInPage.Wrong)] = wrong,
    });

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Somebody signed in as {Role} with a key, from {Address}.")]
        public static partial void SignedIn(ILogger logger, string role, System.Net.IPAddress? address);

        [LoggerMessage(LogLevel.Warning, "A sign-in with a wrong key was refused, from {Address}.")]
        public static partial void Refused(ILogger logger, System.Net.IPAddress? address);

        [LoggerMessage(LogLevel.Error, "The identity provider does not answer, so nobody can sign in by it. Check Admin:Oidc:Authority.")]
        public static partial void ProviderUnreachable(ILogger logger, Exception exception);
    }
}
