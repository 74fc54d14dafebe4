using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Admin.Pages;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Redis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>
/// Who may do what on the management listener: under <c>/api</c> a bearer token and nothing else, everywhere else a session
/// and nothing else, and without one only what says so.
/// </summary>
internal static class ManagementAccess
{
    private const string DefaultScheme = "management";
    private const string KeyScheme = "key";

    /// <summary>Adds authentication, authorization, the throttle and the protection of forms.</summary>
    public static void AddManagementAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<AdminOptions>(AdminOptions.SectionName);
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptions.Rule>();
        services.AddSettings<OidcOptions>(OidcOptions.SectionName);
        services.AddSingleton<AdminKey>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<OidcSignIn>();
        var authentication = services.AddAuthentication(DefaultScheme)
            .AddPolicyScheme(DefaultScheme, null, options => options.ForwardDefaultSelector = SchemeFor)
            .AddScheme<AuthenticationSchemeOptions, AdminKeyHandler>(KeyScheme, null)
            .AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<Sessions>((options, sessions) => sessions.Configure(options));
        if (configuration[$"{OidcOptions.SectionName}:{nameof(OidcOptions.Authority)}"] is { Length: > 0 })
        {
            authentication.AddOpenIdConnect(OidcSignIn.Scheme, options => options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme);
            services.AddOptions<OpenIdConnectOptions>(OidcSignIn.Scheme).Configure<OidcSignIn>((options, oidc) => oidc.Configure(options));
        }

        var byMethod = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(MayByMethod).Build();
        services.AddAuthorizationBuilder()
            .AddPolicy(AdminPolicies.View, policy => policy.RequireRole(Operators.Viewer, Operators.Operator))
            .AddPolicy(AdminPolicies.Operate, policy => policy.RequireRole(Operators.Operator))
            .SetDefaultPolicy(byMethod)
            .SetFallbackPolicy(byMethod);
        services.AddRateLimiter(SignInThrottle.Configure);
        services.AddAntiforgery(FormProtection.Configure);
    }

    /// <summary>Lets nobody through who may not, whatever is or is not mapped at the path, and bounds the bodies.</summary>
    public static void UseManagementAccess(this IApplicationBuilder management)
    {
        management.Use((context, next) =>
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = JsonBody.MaxBytes;
            // From here on the request is as the browser sent it: redirects, cookies and the origin of forms depend on it.
            if (context.RequestServices.GetRequiredService<IOptions<AdminOptions>>().Value.PublicUrl is { Length: > 0 } configured)
            {
                var url = new Uri(configured);
                (context.Request.Scheme, context.Request.Host) = (url.Scheme, new HostString(url.Authority));
            }

            return next(context);
        });
        management.UsePageOutages();
        management.UseAuthentication();
        management.UseRateLimiter();
        management.UseAuthorization();
        management.UseFormProtection();
    }

    /// <summary>Keeps the framework from guarding the listener of the apps too, which it does in front of everything unless it is told that it is done.</summary>
    public static void LeaveTrafficAlone(this IApplicationBuilder app) =>
        (app.Properties["__AuthenticationMiddlewareSet"], app.Properties["__AuthorizationMiddlewareSet"]) = (true, true);

    /// <summary>Whether the request is one of the management API.</summary>
    public static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the request only reads.</summary>
    public static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    // Without the key ring no cookie can be read, and trying would wait for Redis.
    private static string SchemeFor(HttpContext context) =>
        IsApi(context.Request) || !context.RequestServices.GetRequiredService<KeyRing>().IsLoaded ? KeyScheme : CookieAuthenticationDefaults.AuthenticationScheme;

    private static bool MayByMethod(AuthorizationHandlerContext context) =>
        context.User.IsInRole(Operators.Operator)
        || (context.User.IsInRole(Operators.Viewer) && context.Resource is HttpContext http && IsRead(http.Request));
}
