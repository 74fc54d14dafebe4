using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.AspNetCore.Authorization;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>Answers pages that cannot be made while the store is out of reach.</summary>
internal static class PageOutages
{
    /// <summary>Tells by a page that the key ring, which sessions and forms need, or the store is out of reach.</summary>
    public static void UsePageOutages(this IApplicationBuilder management) => management.Use(async (context, next) =>
    {
        var ring = context.RequestServices.GetRequiredService<KeyRing>();
        if (!ring.IsLoaded && NeedsKeyRing(context))
        {
            await AdminNotices.Unavailable().ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KeyRingUnavailableException && !ManagementAccess.IsApi(context.Request) && !context.Response.HasStarted)
        {
            await AdminNotices.Unavailable().ExecuteAsync(context);
        }
    });

    // Probes, metrics and style sheets are open to everybody; so is the page to sign in, but it has a form.
    private static bool NeedsKeyRing(HttpContext context) =>
        !ManagementAccess.IsApi(context.Request)
        && (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
            || context.Request.Path.StartsWithSegments(SignInEndpoints.Path, StringComparison.OrdinalIgnoreCase));
}
