using ConfluenceGateway.Admin.Pages;
using Microsoft.AspNetCore.Antiforgery;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>Refuses what changes something and does not come from a form of these pages, whatever endpoint it is for.</summary>
/// <remarks>The API is not asked: it takes no cookie, so no other site can make a browser act there.</remarks>
internal static class FormProtection
{
    /// <summary>How tokens are kept: the cookie's half never leaves with a request of another site.</summary>
    public static void Configure(AntiforgeryOptions options)
    {
        options.Cookie.Name = "cgw-form";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.IsEssential = true;
        // The content security policy says it.
        options.SuppressXFrameOptionsHeader = true;
    }

    /// <summary>Checks every request that is no GET or HEAD.</summary>
    public static void UseFormProtection(this IApplicationBuilder management) => management.Use(async (context, next) =>
    {
        if (!ManagementAccess.IsRead(context.Request) && !ManagementAccess.IsApi(context.Request) && !await IsOfThesePagesAsync(context))
        {
            await AdminNotices.FormExpired().ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    private static async Task<bool> IsOfThesePagesAsync(HttpContext context)
    {
        // Cookies know no port: another program on this host could have planted one that fits its token. Where the form came from it cannot plant.
        var request = context.Request;
        if (request.Headers.Origin is [{ } origin] && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        try
        {
            await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
            return true;
        }
        catch (Exception exception) when (exception is AntiforgeryValidationException or BadHttpRequestException)
        {
            return false;
        }
    }
}
