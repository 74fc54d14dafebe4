using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>Search by CQL, which v1 keeps.</summary>
internal static class V1Search
{
    private const string Scope = "search:confluence";
    private const string CursorPrefix = "_t_";

    public static void Map(ConfluenceOperations operations)
    {
        operations.V1("GET", "/search", Scope, Search);
        operations.V1("GET", "/content/search", Scope, ContentSearch);
    }

    private static ConfluenceAnswer Search(ConfluenceCall call)
    {
        var (found, start, limit) = Find(call);
        var shown = found.Skip(start).Take(limit).ToList();
        var answer = Envelope(call, found.Count, start, limit, [.. shown.Select(content => Result(call, content))]);
        answer.Insert(4, "totalSize", found.Count);
        answer.Insert(5, "cqlQuery", call.Query("cql"));
        answer.Insert(6, "searchDuration", 12);
        return answer;
    }

    private static ConfluenceAnswer ContentSearch(ConfluenceCall call)
    {
        var (found, start, limit) = Find(call);
        var expand = Expand.Of(call);
        return Envelope(call, found.Count, start, limit, [.. found.Skip(start).Take(limit).Select(content => V1Shapes.Content(call, content, expand))]);
    }

    private static (List<Content> Found, int Start, int Limit) Find(ConfluenceCall call)
    {
        var query = Cql.Parse(V1Query.Required(call.Query("cql"), "cql"));
        var found = query.Order(call.Site.All.Where(content => content.Status == "current" && query.Matches(call.Site, content))).ToList();
        return (found, Start(call), V1Paging.Limit(call, 25));
    }

    // A cursor wins over start, which next carries only for show.
    private static int Start(ConfluenceCall call)
    {
        if (call.Query("cursor") is not { } cursor)
        {
            return V1Paging.Number(call, "start", 0);
        }

        try
        {
            return cursor.StartsWith(CursorPrefix, StringComparison.Ordinal)
                && int.TryParse(Encoding.UTF8.GetString(Convert.FromBase64String(cursor[CursorPrefix.Length..])), NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                    ? start
                    : throw V1Exception.Invalid("The cursor is not valid");
        }
        catch (FormatException)
        {
            throw V1Exception.Invalid("The cursor is not valid");
        }
    }

    private static JsonObject Envelope(ConfluenceCall call, int total, int start, int limit, JsonNode?[] results)
    {
        var links = V1Paging.Links(call);
        if (start + results.Length < total)
        {
            var end = start + results.Length;
            var cursor = CursorPrefix + Convert.ToBase64String(Encoding.UTF8.GetBytes(end.ToString(CultureInfo.InvariantCulture)));
            var others = call.RawQueryWithout("next", "cursor", "limit", "start", "cql");
            var query = string.Join('&', ((string[])[
                "next=true", $"cursor={Uri.EscapeDataString(cursor)}", $"limit={limit}", $"start={end}", .. others, $"cql={Uri.EscapeDataString(call.Query("cql")!)}"]));
            links["next"] = $"{call.ApiPath}?{query}";
        }

        return new JsonObject
        {
            ["results"] = new JsonArray(results),
            ["start"] = start,
            ["limit"] = limit,
            ["size"] = results.Length,
            ["_links"] = links,
        };
    }

    private static JsonObject Result(ConfluenceCall call, Content content)
    {
        var space = call.Site.SpaceOf(content);
        var text = StorageFormat.PlainText(content.Latest.Body);
        return new JsonObject
        {
            ["content"] = V1Shapes.Content(call, content, Expand.Of(call).Under("content")),
            ["title"] = content.Title,
            ["excerpt"] = text.Length > 200 ? text[..200] : text,
            ["url"] = ContentLinks.WebUi(call.Site, content),
            ["resultGlobalContainer"] = new JsonObject { ["title"] = space.Name, ["displayUrl"] = $"/spaces/{space.Key}" },
            ["breadcrumbs"] = new JsonArray(),
            ["entityType"] = "content",
            ["iconCssClass"] = $"aui-icon content-type-{V1Query.Type(content)}",
            ["lastModified"] = Time(content.Latest.CreatedAt),
            ["friendlyLastModified"] = content.Latest.CreatedAt.ToString("MMM dd, yyyy", CultureInfo.InvariantCulture),
            ["score"] = 0.0,
        };
    }
}
