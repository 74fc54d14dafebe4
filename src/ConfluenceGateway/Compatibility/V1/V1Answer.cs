using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>An answer in v1's words.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record V1Answer(int Status, JsonNode? Body) : IResult
{
    // As Confluence writes it; this is never put into HTML.
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An answer without a body.</summary>
    public static V1Answer NoContent { get; } = new(204, null);

    /// <summary>What rewrites the links of the body; empty when they stay as they are.</summary>
    public IReadOnlyList<LinkRule> LinkRules { get; init; } = [];

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
        if (Body is null)
        {
            return;
        }

        var bytes = await RewrittenAsync(JsonSerializer.SerializeToUtf8Bytes(Body, Relaxed), httpContext.RequestAborted);
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
        }
    }

    private async Task<byte[]> RewrittenAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        if (LinkRules.Count == 0)
        {
            return bytes;
        }

        var rewritten = new MemoryStream();
        await new LinkRewritingStream(new MemoryStream(bytes), LinkRules).CopyToAsync(rewritten, cancellationToken);
        return rewritten.ToArray();
    }
}
