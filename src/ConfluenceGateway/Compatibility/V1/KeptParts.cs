using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Parts of content that v1 has kept operations for, and gives in its own words still.</summary>
internal static class KeptParts
{
    /// <summary>v1's <c>restrictions</c>.</summary>
    public static Task<JsonNode?> RestrictionsAsync(V1Call call, ContentItem item, Expansion expand)
    {
        var path = $"{item.Path}/restriction/byOperation";
        return expand.Names.Count > 0
            ? ReadAsync(call, path, expand)
            : Task.FromResult<JsonNode?>(new JsonObject { ["_expandable"] = new JsonObject { ["read"] = "", ["update"] = "" }, ["_links"] = V1Links.Self(call, path) });
    }

    /// <summary>v1's <c>descendants</c>.</summary>
    public static Task<JsonNode?> DescendantsAsync(V1Call call, ContentItem item, Expansion expand) =>
        ReadAsync(call, $"{item.Path}/descendant", expand);

    private static async Task<JsonNode?> ReadAsync(V1Call call, string path, Expansion expand)
    {
        var paths = string.Join(',', expand.Paths);
        var answer = (await call.V2.GetKeptAsync(paths.Length == 0 ? path : $"{path}?expand={V1Call.Escape(paths)}")).DeepClone().AsObject();
        // Within content, only the whole answer tells where links continue.
        if (answer["_links"] is JsonObject links)
        {
            links.Remove("base");
            links.Remove("context");
        }

        return answer;
    }
}
