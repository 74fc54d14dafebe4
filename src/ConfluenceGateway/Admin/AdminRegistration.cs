using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Admin.Pages;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin;

/// <summary>Registers and maps what operators use.</summary>
internal static class AdminRegistration
{
    /// <summary>Adds the admin key and the import.</summary>
    public static void AddAdmin(this IServiceCollection services)
    {
        services.AddSettings<AdminOptions>(AdminOptions.SectionName);
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptions.Rule>();
        services.AddSingleton<AdminKey>();
        services.AddSingleton<ConnectionViews>();
        services.AddSingleton<GrantImport>();
    }

    /// <summary>Maps <c>/</c> and <c>/api/v1</c>.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (SetupState setup, IOptionsMonitor<AtlassianOptions> options) => new PageResult<Setup>(200, new Dictionary<string, object?>
        {
            [nameof(Setup.Missing)] = setup.Missing,
            [nameof(Setup.CallbackUrl)] = setup.CallbackUrl,
            [nameof(Setup.Scopes)] = options.CurrentValue.Scopes,
        }));
        var api = routes.MapGroup("/api/v1").AddEndpointFilter(AnswerOutagesAsync);
        api.MapConnections();
        api.MapWebhooks();
        routes.MapFallback(AdminProblems.NotFound);
    }

    /// <summary>Lets nobody through to <c>/api</c> without the admin key, whatever is or is not mapped there, and bounds the bodies.</summary>
    public static void UseAdminKey(this IApplicationBuilder management) => management.Use(async (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && !context.RequestServices.GetRequiredService<AdminKey>().Accepts(context.Request.Headers.Authorization))
        {
            await AdminProblems.Unauthorized().ExecuteAsync(context);
            return;
        }

        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = JsonBody.MaxBytes;
        await next(context);
    });

    private static async ValueTask<object?> AnswerOutagesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KeyRingUnavailableException)
        {
            return AdminProblems.StoreUnavailable();
        }
        catch (AtlassianUnavailableException exception)
        {
            return AdminProblems.Unavailable(exception.Message + " What was rotated is held: repeat the call", TimeSpan.FromSeconds(5));
        }
    }
}
