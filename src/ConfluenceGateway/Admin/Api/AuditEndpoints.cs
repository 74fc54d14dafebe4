using System.Globalization;
using System.Text.Json;
using ConfluenceGateway.Audit;
using ConfluenceGateway.Callers;

namespace ConfluenceGateway.Admin.Api;

/// <summary>The management API of the audit trail: it is read and exported, and nothing of it can be changed.</summary>
internal static class AuditEndpoints
{
    /// <summary>NDJSON: a JSON value on each line.</summary>
    public const string LinesType = "application/x-ndjson";

    /// <summary>Maps <c>/audit</c>.</summary>
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit");
        audit.MapGet("", ListAsync).Describe<AuditPage>("Who did what and what happened, the newest first, filtered by action, subject, actor and time.", [400]);
        audit.MapGet("/export", Export).Describe<AuditEntry>("The same without pages: an entry on each line (application/x-ndjson).", [400]);
    }

    private static async Task<IResult> ListAsync(
        string? action, string? subject, string? actor, string? from, string? until, string? cursor, string? limit, AuditTrail trail, CancellationToken cancellationToken)
    {
        if (!PageSize.TryParse(limit, out var most))
        {
            return PageSize.Invalid();
        }

        if (cursor is { Length: > 0 } && AuditEntry.MomentOf(cursor) is null)
        {
            return AdminProblems.InvalidField("cursor", "must be the nextCursor of an answer, or left out.");
        }

        var (filter, problem) = Parse(action, subject, actor, from, until);
        return filter is null ? problem! : Results.Json(await trail.PageAsync(filter, cursor is { Length: > 0 } ? cursor : null, most, cancellationToken), JsonBody.Options);
    }

    /// <summary>Every entry that the query wants, a line each.</summary>
    public static IResult Export(string? action, string? subject, string? actor, string? from, string? until, AuditTrail trail)
    {
        var (filter, problem) = Parse(action, subject, actor, from, until);
        return filter is null ? problem! : new Lines(trail, filter);
    }

    /// <summary>Reads a filter from a query; what is left out or empty filters nothing.</summary>
    public static (AuditFilter? Filter, Problem? Problem) Parse(string? action, string? subject, string? actor, string? from, string? until)
    {
        if (!TryMoment(from, out var first))
        {
            return (null, InvalidMoment("from"));
        }

        return TryMoment(until, out var last) ? (new AuditFilter(Given(action), Given(subject), Given(actor), first, last), null) : (null, InvalidMoment("until"));
    }

    private static bool TryMoment(string? text, out DateTimeOffset? moment)
    {
        moment = string.IsNullOrEmpty(text) ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given) ? given : DateTimeOffset.MinValue;
        return moment != DateTimeOffset.MinValue;
    }

    private static Problem InvalidMoment(string field) => AdminProblems.InvalidField(field, "must be a date, or a time in ISO 8601, such as 2026-05-31 or 2026-05-31T09:00:00Z.");

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private sealed class Lines(AuditTrail trail, AuditFilter filter) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = LinesType;
            response.Headers.CacheControl = "no-store";
            response.Headers.ContentDisposition = "attachment; filename=\"audit.ndjson\"";
            await foreach (var entry in trail.ExportAsync(filter, httpContext.RequestAborted))
            {
                await JsonSerializer.SerializeAsync(response.Body, entry, JsonBody.Options, httpContext.RequestAborted);
                await response.WriteAsync("\n", httpContext.RequestAborted);
            }
        }
    }
}
