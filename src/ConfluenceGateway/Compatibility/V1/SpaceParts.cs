using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The parts of a space that can be expanded.</summary>
internal static class SpaceParts
{
    private static readonly string[] Descriptions = ["plain", "view"];

    /// <summary>Each with its link in <c>_expandable</c>, and what gives it.</summary>
    public static IReadOnlyList<(string Name, Func<SpaceSummary, string> Link, Func<V1Call, SpaceSummary, Expansion, Task<JsonNode?>> Value)> All { get; } =
    [
        ("description", _ => "", DescriptionAsync),
        ("homepage", space => space.HomepageId is { } id ? $"/rest/api/content/{id}" : "", HomepageAsync),
        ("icon", _ => "", IconAsync),
        ("history", _ => "", HistoryAsync),
        ("operations", _ => "", OperationsAsync),
        ("metadata", _ => "", MetadataAsync),
        ("settings", space => $"{space.Path}/settings", (_, space, _) => throw Kept("settings", $"{space.Path}/settings")),
        ("theme", space => $"{space.Path}/theme", (_, space, _) => throw Kept("theme", $"{space.Path}/theme")),
        ("lookAndFeel", _ => "", (_, space, _) => throw Kept("lookAndFeel", $"/rest/api/settings/lookandfeel?spaceKey={V1Call.Escape(space.Key)}")),
        ("permissions", _ => "", (_, space, _) => throw V1Exception.Impossible(
            "v2 describes the permissions of a space in another way", $"Ask GET /wiki/api/v2/spaces/{space.Id}/permissions.")),
        ("identifiers", _ => "", (_, _, _) => throw V1Exception.Impossible("v2 does not have 'identifiers' of a space", "Leave 'identifiers' out of expand.")),
    ];

    private static V1Exception Kept(string name, string path) =>
        V1Exception.Impossible($"v2 does not have '{name}' of a space", $"Ask GET /wiki{path}, which v1 has kept.");

    private static async Task<JsonNode?> DescriptionAsync(V1Call call, SpaceSummary space, Expansion expand)
    {
        // Alone it means the plain one.
        string[] wanted = [.. Descriptions.Where(expand.Has).DefaultIfEmpty(Descriptions[0])];
        var spaces = await Task.WhenAll(wanted.Select(format => ReadAsync(call, space, $"?description-format={format}")));
        var description = new JsonObject();
        foreach (var (format, value) in wanted.Zip(spaces.Select((answer, index) => answer.Text("description", wanted[index], "value"))))
        {
            if (value is not null)
            {
                description[format] = new JsonObject { ["value"] = value, ["representation"] = format, ["embeddedContent"] = new JsonArray() };
            }
        }

        if (description.Count == 0)
        {
            return null;
        }

        description["_expandable"] = new JsonObject(Descriptions.Where(format => !description.ContainsKey(format)).Select(format => KeyValuePair.Create(format, (JsonNode?)"")));
        return description;
    }

    private static async Task<JsonNode?> HomepageAsync(V1Call call, SpaceSummary space, Expansion expand) =>
        space.HomepageId is { } id
            ? (await ContentShape.ManyAsync(call, [await ContentReader.ReadAsync(call, ContentKind.Page, id, BodyPart.OfOne(expand))], expand))[0]
            : null;

    private static async Task<JsonNode?> IconAsync(V1Call call, SpaceSummary space, Expansion expand)
    {
        var icon = new JsonObject();
        icon.Copy("path", (await ReadAsync(call, space, "?include-icon=true"))["icon"]);
        return icon.Count > 0 ? icon : null;
    }

    private static async Task<JsonNode?> HistoryAsync(V1Call call, SpaceSummary space, Expansion expand)
    {
        var read = await ReadAsync(call, space, "");
        var history = new JsonObject();
        history.Copy("createdDate", read, "createdAt");
        if ((await call.Site.UsersAsync([read.Text("authorId")]))[read.Text("authorId")] is { } author)
        {
            history["createdBy"] = author;
        }

        return history;
    }

    private static async Task<JsonNode?> OperationsAsync(V1Call call, SpaceSummary space, Expansion expand) =>
        (await call.V2.GetAsync($"/spaces/{space.Id}/operations", () => SiteKnowledge.NoSpace(space.Key)))["operations"]?.DeepClone();

    // v2 does not know the labels of a space; v1 has kept them.
    private static async Task<JsonNode?> MetadataAsync(V1Call call, SpaceSummary space, Expansion expand)
    {
        if (!expand.Has("labels"))
        {
            return new JsonObject { ["_expandable"] = new JsonObject { ["labels"] = "" } };
        }

        var labels = (await call.V2.GetKeptAsync($"{space.Path}/label")).DeepClone().AsObject();
        if (labels["_links"] is JsonObject links)
        {
            links.Remove("base");
            links.Remove("context");
        }

        return new JsonObject { ["labels"] = labels, ["_expandable"] = new JsonObject() };
    }

    private static Task<JsonObject> ReadAsync(V1Call call, SpaceSummary space, string query) =>
        call.V2.GetAsync($"/spaces/{space.Id}{query}", () => SiteKnowledge.NoSpace(space.Key));
}
