using ConfluenceGateway.Atlassian;

namespace ConfluenceGateway.Admin.Api;

/// <summary>The management API of the gateway as a whole.</summary>
internal static class OverviewEndpoints
{
    private const string Tag = "Gateway";

    /// <summary>Maps <c>/overview</c> and <c>/app/check</c>.</summary>
    public static void MapOverview(this IEndpointRouteBuilder api)
    {
        api.MapGet("/overview", async (Overview overview, CancellationToken cancellationToken) => Results.Json(await overview.LookAsync(cancellationToken), JsonBody.Options))
            .WithTags(Tag).Describe<OverviewView>("How everything stands: states, who is needed, refreshes of the last hour, quota, self-audit.", []);
        api.MapPost("/app/check", async (AppCheck check, CancellationToken cancellationToken) => Results.Json(await check.RunAsync(cancellationToken), JsonBody.Options))
            .WithTags(Tag).Audited("app.check").Describe<AppStatus>("Asks the token endpoint whether it accepts the client id and secret; nothing is spent.", []);
    }
}
