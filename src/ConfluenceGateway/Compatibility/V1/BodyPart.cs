using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The body of content, in the representations that v2 has.</summary>
internal static class BodyPart
{
    // Those of a list come with it, the others take a call each.
    private static readonly string[] InLists = ["storage", "atlas_doc_format"];
    private static readonly string[] Alone = [.. InLists, "view", "export_view", "anonymous_export_view"];
    private static readonly string[] NotOnV2 = ["styled_view", "editor", "editor2", "wiki", "dynamic", "raw"];

    // What v1 names as expandable; the rest is there for who asks.
    private static readonly string[] Named = ["storage", "view", "export_view", "styled_view", "anonymous_export_view", "editor", "atlas_doc_format"];

    /// <summary>The representation that a list is asked for, so that none of its items has to be read again; null for none.</summary>
    public static string? OfList(Expansion expand) => InLists.FirstOrDefault(expand.Under("body").Has);

    /// <summary>The representation that one piece of content is asked for; null for none.</summary>
    public static string? OfOne(Expansion expand) => Alone.FirstOrDefault(expand.Under("body").Has);

    /// <summary>v1's <c>body</c>.</summary>
    public static async Task<JsonNode?> OfAsync(V1Call call, ContentItem item, Expansion expand)
    {
        if (NotOnV2.FirstOrDefault(expand.Has) is { } impossible)
        {
            throw V1Exception.Impossible(
                $"v2 does not give a body as '{impossible}'", $"Expand one of {string.Join(", ", Alone.Select(name => $"body.{name}"))}, as GET /wiki/api/v2/pages/{{id}}?body-format= does.");
        }

        var wanted = Alone.Where(expand.Has).ToList();
        var values = await Task.WhenAll(wanted.Select(name => ValueAsync(call, item, name)));
        var body = new JsonObject();
        foreach (var (name, value) in wanted.Zip(values))
        {
            if (value is not null)
            {
                body[name] = new JsonObject { ["value"] = value, ["representation"] = name, ["embeddedContent"] = new JsonArray(), ["_expandable"] = new JsonObject { ["content"] = item.Path } };
            }
        }

        body["_expandable"] = new JsonObject(Named.Where(name => !body.ContainsKey(name)).Select(name => KeyValuePair.Create(name, (JsonNode?)"")));
        return body;
    }

    private static async Task<string?> ValueAsync(V1Call call, ContentItem item, string name)
    {
        if (item.Kind == ContentKind.Attachment)
        {
            return null;
        }

        var query = item.IsHistorical ? $"version={item.Version}" : item.V2.Text("status") == "draft" ? "get-draft=true" : null;
        return item.V2.Text("body", name, "value") ?? (await ContentReader.ReadAsync(call, item.Kind, item.Id, name, query)).V2.Text("body", name, "value");
    }
}
