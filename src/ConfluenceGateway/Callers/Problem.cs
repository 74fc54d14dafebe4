using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Callers;

/// <summary>
/// An answer of the gateway's own (RFC 9457). It carries <c>statusCode</c> and <c>message</c> too, because clients of
/// Confluence read those.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Name">What it is, as the end of the <c>type</c> URN; scripts compare it, so it never changes.</param>
/// <param name="Title">The kind of problem in a few words, always the same for one <paramref name="Name"/>.</param>
/// <param name="Detail">What happened this time and what to do about it.</param>
internal sealed record Problem(int Status, string Name, string Title, string Detail) : IResult
{
    /// <summary>Further members.</summary>
    public JsonObject Members { get; init; } = [];

    /// <summary>The field that is not valid; null when the problem is another.</summary>
    public string? Field => Members["field"]?.GetValue<string>();

    /// <summary>How long the caller should wait; rounded up to whole seconds, at least one: zero makes clients spin.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The challenges of a 401 (RFC 9110 section 11.6.1).</summary>
    public string[] Challenges { get; init; } = [];

    // Written for people to read in a log: JSON needs no escaped quotes, and this is never put into HTML.
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A defect of the gateway's own.</summary>
    public static Problem InternalError() => new(500, "internal-error", "The gateway failed",
        "This is a defect of the gateway; its log says more.");

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (Listeners.Is(httpContext, Listener.Traffic))
        {
            // Here, since every answer of the gateway's own comes this way, whoever decided on it.
            httpContext.RequestServices.GetRequiredService<GatewayMetrics>().Problems.WithLabels(Name).Inc();
        }

        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (Challenges.Length > 0)
        {
            response.Headers.WWWAuthenticate = Challenges;
        }

        await response.WriteAsJsonAsync(ToJson(), JsonOptions, "application/problem+json", httpContext.RequestAborted);
    }

    /// <summary>The problem as the body of an answer.</summary>
    public JsonObject ToJson()
    {
        var body = new JsonObject
        {
            ["type"] = "urn:confluence-gateway:problem:" + Name,
            ["title"] = Title,
            ["status"] = Status,
            ["detail"] = Detail,
            ["statusCode"] = Status,
            ["message"] = Detail,
        };
        foreach (var (name, value) in Members)
        {
            body[name] = value?.DeepClone();
        }

        return body;
    }
}
