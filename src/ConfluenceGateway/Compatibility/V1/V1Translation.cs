using System.Collections.Concurrent;
using System.Text;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Answers calls of operations that were removed from v1, by means of v2.</summary>
internal sealed class V1Translation(SiteMemory memory, GatewayMetrics metrics, TimeProvider time)
{
    // Many clients take no more than 8 KB of headers in all.
    private const int LongestWarning = 2_000;

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
        var undone = new ConcurrentQueue<string>();
        var (answer, served) = await ServeAsync(context, match, query, connection, v2, undone);
        metrics.V1Requests.WithLabels(match.Operation.Name, served).Inc();
        metrics.V1UpstreamCalls.WithLabels(match.Operation.Name).Inc(v2.Made);
        context.Response.Headers.Append("Warning", Warning(match.Operation, undone));
        await (answer is V1Answer ours ? ours with { LinkRules = linkRules } : answer).ExecuteAsync(context);
    }

    private async Task<(IResult Answer, string Served)> ServeAsync(HttpContext context, V1Match match, string query, Connection connection, V2Calls v2, ConcurrentQueue<string> undone)
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
                Body = HttpMethods.IsPost(match.Operation.Method) || HttpMethods.IsPut(match.Operation.Method) ? await SentJson.ReadAsync(context.Request) : null,
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

    // RFC 7234 section 5.5: a code, who warns, and a quoted text.
    private static string Warning(V1Operation operation, ConcurrentQueue<string> undone)
    {
        var text = new StringBuilder($"Atlassian removed {operation.Name} from v1; the gateway served it by v2. Call {operation.Instead} instead.");
        if (!undone.IsEmpty)
        {
            text.Append(" What was asked was done, but ").AppendJoin("; ", undone.Distinct()).Append('.');
        }

        text.Length = Math.Min(text.Length, LongestWarning);
        foreach (var index in Enumerable.Range(0, text.Length))
        {
            text[index] = text[index] is < ' ' or > '~' or '"' or '\\' ? ' ' : text[index];
        }

        return $"299 - \"{text}\"";
    }
}
