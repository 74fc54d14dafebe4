using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Whether anything of a type is directly below content.</summary>
internal static class ChildTypesPart
{
    private static readonly string[] Types = ["attachment", "comment", "page"];

    /// <summary>v1's <c>childTypes</c>.</summary>
    public static async Task<JsonNode?> OfAsync(V1Call call, ContentItem item, Expansion expand)
    {
        var wanted = Types.Where(type => expand.Has(type) || expand.Has("all")).ToList();
        var there = await Task.WhenAll(wanted.Select(async type => (await Children.Of(item.Kind, item.Id, type).FirstAsync(call, 1, Expansion.None)).Items.Count > 0));
        var types = new JsonObject();
        foreach (var (type, isThere) in wanted.Zip(there))
        {
            types[type] = new JsonObject { ["value"] = isThere, ["_links"] = V1Links.Self(call, $"{item.Path}/child/{type}") };
        }

        types["_expandable"] = new JsonObject(Types.Prepend("all").Where(type => !types.ContainsKey(type) && (type != "all" || !expand.Has("all"))).Select(type => KeyValuePair.Create(type, (JsonNode?)"")));
        return types;
    }
}
