using System.Globalization;
using System.Text.Json.Nodes;
using AtlassianSimulator.Accounts;

namespace AtlassianSimulator.Confluence;

/// <summary>A Confluence request that may pass: who makes it, on which site, with what.</summary>
internal sealed record ConfluenceCall(HttpContext Http, Account Caller, ConfluenceSite Site, JsonNode? Body)
{
    /// <summary>The query parameter; null when missing or empty.</summary>
    public string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>A parameter that may be repeated, or hold several values with commas.</summary>
    public IReadOnlyList<string> Queries(string name) =>
        [.. Http.Request.Query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    public string Route(string name) => Http.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>The path below the site, without <c>/wiki</c>.</summary>
    public string ApiPath
    {
        get
        {
            var path = Http.Request.Path.Value!;
            var rest = path.IndexOf('/', "/ex/confluence/".Length);
            if (rest < 0)
            {
                return "/";
            }

            return path[rest..].StartsWith("/wiki/", StringComparison.Ordinal) ? path[(rest + 5)..] : path[rest..];
        }
    }

    /// <summary>The query as it came, without these parameters.</summary>
    public IEnumerable<string> RawQueryWithout(params string[] names) =>
        (Http.Request.QueryString.Value ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => !names.Contains(pair.Split('=')[0], StringComparer.Ordinal));

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What a Confluence operation answers.</summary>
/// <param name="Location">Root-relative, with <c>/wiki</c>.</param>
internal sealed record ConfluenceAnswer(JsonNode? Body, int Status = 200, string? Location = null)
{
    public static ConfluenceAnswer NoContent { get; } = new(null, 204);

    // The status is spelled out because a record's copy constructor would match the body alone, by way of this conversion.
    public static implicit operator ConfluenceAnswer(JsonObject body) => new(body, 200);
}
