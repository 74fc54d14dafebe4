using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>A page of a listing.</summary>
/// <param name="call">The call.</param>
/// <param name="items">What is on it.</param>
/// <param name="start">Where it begins.</param>
/// <param name="limit">How long it may be.</param>
/// <param name="next">Where the next page begins; null when that is not known.</param>
/// <param name="more">Whether there is a next page.</param>
internal sealed class ListingPage(V1Call call, IReadOnlyList<ListedItem> items, int start, int limit, Position? next, bool more)
{
    /// <summary>What is on it.</summary>
    public IReadOnlyList<ListedItem> Items => items;

    /// <summary>What is on it, as content.</summary>
    public IReadOnlyList<ContentItem> Content(IReadOnlyList<ListingSource> sources)
    {
        var content = items.Select(item => new ContentItem(sources[item.Source].Kind!.Value, item.V2)).ToList();
        content.ForEach(item => call.Site.Learn(item.Id, item.Kind));
        return content;
    }

    /// <summary>The page as v1 gives it.</summary>
    /// <param name="results">What v1 makes of the items.</param>
    public JsonObject Answer(IEnumerable<JsonNode?> results)
    {
        var links = V1Links.OfList(call);
        if (more)
        {
            var cursor = next is null ? "" : $"&cursor={V1Call.Escape(next.At(start + items.Count))}";
            links["next"] = $"{call.Path}?{string.Join('&', call.QueryWithout("start", "limit", "next", "cursor").Prepend("next=true"))}&limit={limit}&start={start + items.Count}{cursor}";
        }

        return new JsonObject
        {
            ["results"] = new JsonArray([.. results]),
            ["start"] = start,
            ["limit"] = limit,
            ["size"] = items.Count,
            ["_links"] = links,
        };
    }
}
