using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Admin.Pages;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Admin;

/// <summary>Registers and maps what operators use.</summary>
internal static class AdminRegistration
{
    /// <summary>Adds sign-in, the pages' events and the import.</summary>
    public static void AddAdmin(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddManagementAccess(configuration);
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<Notices>();
        services.AddApiDescription();
        services.AddSingleton<ConnectionViews>();
        services.AddSingleton<ConnectionList>();
        services.AddSingleton<ConnectionActions>();
        services.AddSingleton<WebhookActions>();
        services.AddSingleton<BulkImport>();
        services.AddSingleton<Reencryption>();
        services.AddSingleton<Overview>();
        services.AddSingleton<GrantImport>();
    }

    /// <summary>Maps the pages and <c>/api/v1</c>.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        LiveEvents.MapEvents(routes);
        var pages = routes.MapGroup("").AddEndpointFilter(AuditedEndpoints.NoteAsync);
        pages.MapSignIn();
        pages.MapOverviewPages();
        pages.MapConnectionPages();
        pages.MapCallerKeyPages();
        pages.MapWebhookPages();
        pages.MapAuditPages();
        var api = routes.MapGroup("/api/v1").AddEndpointFilter(AnswerOutagesAsync).AddEndpointFilter(AuditedEndpoints.NoteAsync);
        api.MapConnections();
        api.MapBulkImport();
        api.MapOverview();
        api.MapKeyRing();
        api.MapCallerKeys();
        api.MapWebhooks();
        api.MapAudit();
        routes.MapApiDescription();
        routes.MapFallback("{*path}", AdminNotices.NothingHere);
    }

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
