using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The version of content, and who worked on it.</summary>
internal static class VersionPart
{
    /// <summary>v1's <c>version</c>.</summary>
    public static async Task<JsonNode?> OfAsync(V1Call call, ContentItem item, Expansion expand, Shown shown) =>
        item.V2["version"] is JsonObject version ? await ExpandedAsync(call, item, VersionShape.Of(call, item.Id, version, shown.Users), expand) : null;

    /// <summary>Adds what is wanted below a version.</summary>
    public static async Task<JsonObject> ExpandedAsync(V1Call call, ContentItem item, JsonObject shape, Expansion expand)
    {
        var number = shape.Text("number");
        if (expand.Has("collaborators"))
        {
            var detail = await call.V2.GetAsync($"{item.V2Path}/versions/{number}", () => V1Exception.NotFound($"No version {number}"));
            var ids = (detail["collaborators"] as JsonArray)?.OfType<JsonValue>().Select(id => id.ToString()).ToList() ?? [];
            Set("collaborators", People(ids, await call.Site.UsersAsync(ids)));
        }

        if (expand.Has("content"))
        {
            var then = await ContentReader.ReadAsync(call, item.Kind, item.Id, query: $"version={number}");
            Set("content", (await ContentShape.ManyAsync(call, [then with { IsHistorical = then.V2.Text("status") != "current" }], expand.Under("content")))[0]);
        }

        return shape;

        void Set(string name, JsonNode value)
        {
            shape[name] = value;
            shape["_expandable"]!.AsObject().Remove(name);
        }
    }

    /// <summary>v1's list of people.</summary>
    public static JsonObject People(IReadOnlyList<string> accountIds, Users users) => new()
    {
        ["users"] = new JsonArray([.. accountIds.Select(id => users[id])]),
        ["userKeys"] = new JsonArray([.. accountIds.Select(id => JsonValue.Create(id))]),
        ["userAccountIds"] = new JsonArray([.. accountIds.Select(id => JsonValue.Create(id))]),
    };
}
