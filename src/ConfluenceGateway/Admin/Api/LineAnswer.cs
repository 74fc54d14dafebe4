using System.Text.Json.Nodes;

namespace ConfluenceGateway.Admin.Api;

/// <summary>An answer that tells how long work goes on, a JSON object on each line, as soon as it is known.</summary>
internal static class LineAnswer
{
    /// <summary>Begins the answer.</summary>
    /// <returns>What tells a line.</returns>
    public static Func<JsonObject, Task> TellByLines(this HttpResponse response)
    {
        response.ContentType = AuditEndpoints.LinesType;
        response.Headers.CacheControl = "no-store";
        return async line =>
        {
            await response.WriteAsync(line.ToJsonString(JsonBody.Options) + "\n", response.HttpContext.RequestAborted);
            await response.Body.FlushAsync(response.HttpContext.RequestAborted);
        };
    }
}
