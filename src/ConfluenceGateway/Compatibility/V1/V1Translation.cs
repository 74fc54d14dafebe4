using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Answers calls of operations that were removed from v1, by means of v2.</summary>
internal sealed class V1Translation(SiteMemory memory, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>The longest body that Confluence takes for content, in bytes.</summary>
    public const int LongestBody = 5 * 1024 * 1024;

    /// <summary>Answers a call.</summary>
    /// <param name="context">The request, whose body is at its beginning, and its answer.</param>
    /// <param name="match">The operation that it calls.</param>
    /// <param name="query">The query without its question mark.</param>
    /// <param name="connection">The connection that it came by.</param>
    /// <param name="linkRules">What rewrites the links of the answer; empty when they stay as they are.</param>
    /// <param name="send">Makes calls of the site.</param>
    public async Task AnswerAsync(HttpContext context, V1Match match, string query, Connection connection, IReadOnlyList<LinkRule> linkRules, SiteCall send)
    {
        using var v2 = new V2Calls(send, context.RequestAborted);
        var undone = new List<string>();
        var (answer, served) = await ServeAsync(context, match, query, connection, v2, undone);
        metrics.V1Requests.WithLabels(match.Operation.Name, served).Inc();
        metrics.V1UpstreamCalls.WithLabels(match.Operation.Name).Inc(v2.Made);
        context.Response.Headers.Append("Warning", Warning(match.Operation, undone));
        await (answer is V1Answer ours ? ours with { LinkRules = linkRules } : answer).ExecuteAsync(context);
    }

    private async Task<(IResult Answer, string Served)> ServeAsync(HttpContext context, V1Match match, string query, Connection connection, V2Calls v2, List<string> undone)
    {
        try
        {
            var call = new V1Call
            {
                ConnectionId = connection.Id,
                WikiUrl = $"{connection.SiteUrl}/wiki",
                Path = match.Path,
                RawQuery = query,
                Parameters = match.Parameters,
                Body = HttpMethods.IsPost(match.Operation.Method) || HttpMethods.IsPut(match.Operation.Method) ? await ReadBodyAsync(context.Request) : null,
                V2 = v2,
                Site = new SiteKnowledge(memory, SiteMemory.Scope(connection), v2),
                Time = time,
                Aborted = context.RequestAborted,
                Undone = undone,
            };
            return (await match.Operation.ServeAsync(call), "v2");
        }
        catch (V1Exception exception)
        {
            return (exception.Answer, exception.IsImpossible ? "none" : "v2");
        }
    }

    private static async Task<JsonNode?> ReadBodyAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LongestBody)
            {
                throw V1Exception.TooLarge($"Requests for this resource can be at most {LongestBody} bytes");
            }
        }

        try
        {
            return JsonNode.Parse(body.GetBuffer().AsSpan(0, (int)body.Length), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            // The operation says what it needs.
            return null;
        }
    }

    // RFC 7234 section 5.5: a code, who warns, and a quoted text.
    private static string Warning(V1Operation operation, List<string> undone)
    {
        var text = new StringBuilder($"Atlassian removed {operation.Name} from v1; the gateway served it by v2. Call {operation.Instead} instead.");
        if (undone.Count > 0)
        {
            text.Append(" What was asked was done, but ").AppendJoin("; ", undone).Append('.');
        }

        foreach (var index in Enumerable.Range(0, text.Length))
        {
            text[index] = text[index] is < ' ' or > '~' or '"' or '\\' ? ' ' : text[index];
        }

        return $"299 - \"{text}\"";
    }
}
