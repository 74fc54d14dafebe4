using Microsoft.AspNetCore.Http.Features;

namespace ConfluenceGateway.Admin.Api;

/// <summary>The management API of bulk imports.</summary>
internal static class BulkImportEndpoints
{
    /// <summary>Maps <c>/imports</c>.</summary>
    public static void MapBulkImport(this IEndpointRouteBuilder api) =>
        api.MapPost("/imports", RunAsync).WithTags("Connections").Audited("connection.bulk_import").Takes<BulkImport.BulkLine>(AuditEndpoints.LinesType)
            .Describe<BulkImport.BulkOutcome>("Imports many connections: a JSON object on each line in, what became of it on each line out, a summary on the last.", [413]);

    private static async Task RunAsync(HttpContext context, BulkImport import)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BulkImport.MaxBytes;
        }

        if (context.Request.ContentLength > BulkImport.MaxBytes)
        {
            await AdminProblems.BodyTooLarge(BulkImport.MaxBytes).ExecuteAsync(context);
            return;
        }

        await import.RunAsync(context.Request.Body, context.Response.TellByLines(), context.RequestAborted);
    }
}
