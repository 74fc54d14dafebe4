using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>What is directly below content: pages, comments and attachments.</summary>
internal static class ChildrenPart
{
    // v1 shows the first page of each.
    private const int FirstPage = 25;

    private static readonly string[] Types = ["page", "attachment", "comment"];

    /// <summary>v1's <c>children</c>.</summary>
    public static async Task<JsonObject> OfAsync(V1Call call, ContentKind kind, string id, Expansion expand)
    {
        var wanted = await Task.WhenAll(Types.Select(type => expand.Has(type) ? FirstAsync(call, kind, id, type, expand.Under(type)) : Task.FromResult<JsonObject?>(null)));
        var children = new JsonObject();
        var expandable = new JsonObject();
        foreach (var (type, first) in Types.Zip(wanted))
        {
            if (first is not null)
            {
                children[type] = first;
            }
            else
            {
                expandable[type] = Path(id, type);
            }
        }

        children["_expandable"] = expandable;
        children["_links"] = V1Links.Self(call, $"/rest/api/content/{id}/child");
        return children;
    }

    private static async Task<JsonObject?> FirstAsync(V1Call call, ContentKind kind, string id, string type, Expansion expand)
    {
        var children = Children.Of(kind, id, type);
        var (items, more) = await children.FirstAsync(call, FirstPage, expand);
        var links = V1Links.Self(call, Path(id, type));
        if (more)
        {
            links["next"] = $"{Path(id, type)}?next=true&limit={FirstPage}&start={items.Count}";
        }

        return new JsonObject
        {
            ["results"] = new JsonArray([.. await ContentShape.ManyAsync(call, items, expand)]),
            ["start"] = 0,
            ["limit"] = FirstPage,
            ["size"] = items.Count,
            ["_links"] = links,
        };
    }

    private static string Path(string id, string type) => $"/rest/api/content/{id}/child/{type}";
}
