using System.Globalization;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's pages by <c>start</c> and <c>limit</c>, with links relative to the base and a <c>self</c> that names the site.</summary>
internal static class V1Paging
{
    private const int Most = 1000;

    public static JsonObject Page<T>(ConfluenceCall call, IEnumerable<T> sorted, Func<T, JsonNode?> shape, int standardLimit = 25)
    {
        var (start, limit) = (Number(call, "start", 0), Limit(call, standardLimit));
        var all = sorted.ToList();
        var shown = all.Skip(start).Take(limit).ToList();
        var links = Links(call);
        if (start + shown.Count < all.Count)
        {
            var query = call.RawQueryWithout("start", "limit", "next").Prepend("next=true").Append($"limit={limit}").Append($"start={start + shown.Count}");
            links["next"] = $"{call.ApiPath}?{string.Join('&', query)}";
        }

        return new JsonObject
        {
            ["results"] = new JsonArray([.. shown.Select(shape)]),
            ["start"] = start,
            ["limit"] = limit,
            ["size"] = shown.Count,
            ["_links"] = links,
        };
    }

    /// <summary><c>base</c>, <c>context</c> and <c>self</c> of the answer itself.</summary>
    public static JsonObject Links(ConfluenceCall call)
    {
        var query = string.Join('&', call.Http.Request.Query
            .Where(parameter => parameter.Key is not ("start" or "limit" or "next" or "cursor"))
            .SelectMany(parameter => parameter.Value.Select(value => $"{parameter.Key}={Uri.EscapeDataString(value ?? "")}")));
        return new JsonObject
        {
            ["base"] = call.Site.Site.WikiBase,
            ["context"] = "/wiki",
            ["self"] = $"{call.Site.Site.WikiBase}{call.ApiPath}{(query.Length > 0 ? "?" : "")}{query}",
        };
    }

    public static int Limit(ConfluenceCall call, int standard) => Math.Min(Number(call, "limit", standard), Most);

    public static int Number(ConfluenceCall call, string name, int standard)
    {
        if (call.Query(name) is not { } text)
        {
            return standard;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw V1Exception.Invalid($"{name} must be a number from 0");
    }
}
