using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Web;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>A call of an operation that was removed from v1: what came in, and the means to serve it.</summary>
internal sealed class V1Call
{
    // A tree of pages that is expanded up and down again grows without a single further call.
    private const int MostContent = 20_000;

    private readonly Lazy<IReadOnlyList<(string Name, string Value)>> _query;
    private int _shaped;

    public V1Call()
    {
        _query = new(() => [.. Pairs(RawQuery!)]);
    }

    /// <summary>The connection it came by.</summary>
    public required ConnectionId ConnectionId { get; init; }

    /// <summary>The site's wiki, such as <c>https://acme.atlassian.net/wiki</c>.</summary>
    public required string WikiUrl { get; init; }

    /// <summary>The path below the wiki, such as <c>/rest/api/content/98305</c>, as it came.</summary>
    public required string Path { get; init; }

    /// <summary>The query without its question mark, as it came.</summary>
    public required string RawQuery { get; init; }

    /// <summary>The parameters of the path, decoded, in their order.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    /// <summary>The body as JSON; null when there is none, or it is none.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>Calls of v2.</summary>
    public required V2Calls V2 { get; init; }

    /// <summary>What is known of the site.</summary>
    public required SiteKnowledge Site { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Ends the work when the caller has gone.</summary>
    public CancellationToken Aborted { get; init; }

    /// <summary>What could not be done after something had been changed, for the caller to know; empty when all was.</summary>
    public required ConcurrentQueue<string> Undone { get; init; }

    /// <summary>
    /// Waits for something that only adorns the answer. Once something was changed, a failure there must not look as if nothing had
    /// been: the answer goes without, and says so.
    /// </summary>
    /// <param name="value">What is waited for.</param>
    /// <param name="otherwise">What stands in its place when it fails after a change.</param>
    /// <param name="undone">What is said then.</param>
    public async Task<T> SettledAsync<T>(Task<T> value, T otherwise, string undone)
    {
        try
        {
            return await value;
        }
        catch (V1Exception) when (V2.HasWritten)
        {
            Undone.Enqueue(undone);
            return otherwise;
        }
    }

    /// <summary>Counts content that becomes part of the answer.</summary>
    /// <exception cref="V1Exception">It is more than an answer can hold.</exception>
    public void CountContent()
    {
        if (Interlocked.Increment(ref _shaped) > MostContent)
        {
            throw V1Exception.Invalid($"Sub-expansions limit exceeded: this takes more than {MostContent} pieces of content. Ask for fewer results at a time, or expand less");
        }
    }

    /// <summary>What the caller wants expanded.</summary>
    /// <param name="standard">What it is when the caller does not say.</param>
    public Expansion Expand(params string[] standard) => Expansion.Of(Has("expand") ? Queries("expand") : standard);

    /// <summary>Whether the query has a parameter.</summary>
    public bool Has(string name) => _query.Value.Any(pair => pair.Name == name);

    /// <summary>The first value of a parameter; null when it is missing or empty.</summary>
    public string? Query(string name) => _query.Value.FirstOrDefault(pair => pair.Name == name).Value is { Length: > 0 } value ? value : null;

    /// <summary>The values of a parameter that may be repeated, or hold several with commas.</summary>
    public IReadOnlyList<string> Queries(string name) =>
        [.. _query.Value.Where(pair => pair.Name == name).SelectMany(pair => pair.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>The number that a parameter gives.</summary>
    /// <exception cref="V1Exception">It is no whole number from 0.</exception>
    public int Number(string name, int standard) =>
        Query(name) is not { } text ? standard
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw V1Exception.Invalid($"{name} must be a number from 0");

    /// <summary>The body as an object.</summary>
    /// <exception cref="V1Exception">It is none.</exception>
    public JsonObject Object() => Body as JsonObject ?? throw V1Exception.Invalid("Could not read the request body as JSON");

    /// <summary>The query as it came, without these parameters.</summary>
    public IEnumerable<string> QueryWithout(params string[] names) =>
        RawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(pair => !names.Contains(HttpUtility.UrlDecode(pair.Split('=')[0]), StringComparer.Ordinal));

    /// <summary>A text as it stands in a path or a query.</summary>
    public static string Escape(string text) => Uri.EscapeDataString(text);

    private static IEnumerable<(string, string)> Pairs(string query)
    {
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            yield return at < 0 ? (HttpUtility.UrlDecode(pair), "") : (HttpUtility.UrlDecode(pair[..at]), HttpUtility.UrlDecode(pair[(at + 1)..]));
        }
    }
}
