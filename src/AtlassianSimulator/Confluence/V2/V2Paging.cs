using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>Pages of results behind an opaque cursor, with <c>next</c> in the body and in the <c>Link</c> header.</summary>
internal static class V2Paging
{
    private const int Most = 250;

    public static ConfluenceAnswer Page<T>(
        ConfluenceCall call, IEnumerable<T> sorted, Func<T, long> id, Func<T, JsonNode?> shape, int standardLimit = 25)
    {
        var limit = Limit(call, standardLimit);
        var all = sorted.ToList();
        var start = call.Query("cursor") is { } cursor ? StartAfter(cursor, all, id) : 0;
        var shown = all.Skip(start).Take(limit).ToList();
        var links = new JsonObject();
        if (start + shown.Count < all.Count)
        {
            links["next"] = Next(call, id(shown[^1]), start + shown.Count);
        }

        links["base"] = call.Site.Site.WikiBase;
        return new JsonObject { ["results"] = new JsonArray([.. shown.Select(shape)]), ["_links"] = links };
    }

    public static int Limit(ConfluenceCall call, int standard)
    {
        if (call.Query("limit") is not { } text)
        {
            return standard;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Most
            ? limit
            : throw V2Exception.InvalidParameter("limit", text, $"a number between 1 and {Most}");
    }

    // The last item shown says where to go on, so that nothing is shown twice when something before it is deleted.
    private static int StartAfter<T>(string cursor, List<T> all, Func<T, long> id)
    {
        try
        {
            var position = JsonNode.Parse(Convert.FromBase64String(cursor));
            var after = (long)position!["id"]!;
            var index = all.FindIndex(item => id(item) == after);
            return index >= 0 ? index + 1 : IsById(all, id) ? all.TakeWhile(item => id(item) < after).Count() : (int)position["offset"]!;
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or NullReferenceException or InvalidOperationException)
        {
            throw V2Exception.InvalidParameter("cursor", cursor, "a cursor");
        }
    }

    // Then the place of an item is known after it was deleted.
    private static bool IsById<T>(List<T> all, Func<T, long> id) => all.Zip(all.Skip(1)).All(pair => id(pair.First) < id(pair.Second));

    private static string Next(ConfluenceCall call, long lastId, int offset)
    {
        var cursor = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"id":{{lastId}},"offset":{{offset}}}"""));
        var query = string.Join('&', call.RawQueryWithout("cursor").Append($"cursor={Uri.EscapeDataString(cursor)}"));
        var next = $"/wiki{call.ApiPath}?{query}";
        call.Http.Response.Headers.Append("Link", $"<{next}>; rel=\"next\"");
        return next;
    }
}
