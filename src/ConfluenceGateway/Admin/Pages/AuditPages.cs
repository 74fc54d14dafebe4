using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Audit;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>The pages of the audit trail.</summary>
internal static class AuditPages
{
    private const int PageSize = 100;

    /// <summary>Maps <c>/audit</c> and its export, which a browser cannot have from the API.</summary>
    public static void MapAuditPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/audit", ListAsync);
        pages.MapGet("/audit/export", AuditEndpoints.Export);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, string? action, string? subject, string? actor, string? from, string? until, string? cursor, AuditTrail trail)
    {
        var (filter, problem) = AuditEndpoints.Parse(action, subject, actor, from, until);
        return new AdminPageResult<AuditTrailPage>(problem?.Status ?? 200, new Dictionary<string, object?>
        {
            [nameof(AuditTrailPage.Page)] = filter is null ? null : await trail.PageAsync(filter, cursor is { Length: > 0 } ? cursor : null, PageSize, context.RequestAborted),
            [nameof(AuditTrailPage.Notice)] = problem is null ? null : PageNotice.Of(problem),
        });
    }
}
