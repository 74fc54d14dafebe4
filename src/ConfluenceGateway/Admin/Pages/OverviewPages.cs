using ConfluenceGateway.Atlassian;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>The first page, with the guide to set the gateway up while something is missing.</summary>
internal static class OverviewPages
{
    /// <summary>Maps <c>/</c>.</summary>
    public static void MapOverviewPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", async Task<IResult> (HttpContext context, Overview overview, Notices notices, IOptionsMonitor<AtlassianOptions> options) =>
            new AdminPageResult<OverviewPage>(200, new Dictionary<string, object?>
            {
                [nameof(OverviewPage.View)] = await overview.LookAsync(context.RequestAborted),
                [nameof(OverviewPage.Scopes)] = options.CurrentValue.Scopes,
                [nameof(OverviewPage.Notice)] = notices.Of(context.Request),
            }));
        pages.MapPost("/app/check", async (HttpContext context, AppCheck check, Notices notices) =>
        {
            var status = await check.RunAsync(context.RequestAborted);
            return notices.SeeOther("/", new PageNotice(status.Outcome == "accepted" ? "good" : status.Outcome == "refused" ? "bad" : "warn", status.Detail));
        }).Audited("app.check");
    }
}
