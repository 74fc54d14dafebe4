using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The labels and the properties of content.</summary>
internal static class MetadataPart
{
    private const int MostLabels = 200;

    private static readonly string[] NotOnV2 = ["currentuser", "frontend"];

    /// <summary>What an attachment's metadata says unasked; null for other content, which says nothing unasked.</summary>
    public static JsonObject? AlwaysThere(ContentItem item) => item.Kind == ContentKind.Attachment ? Base(item) : null;

    /// <summary>v1's <c>metadata</c>.</summary>
    public static async Task<JsonNode?> OfAsync(V1Call call, ContentItem item, Expansion expand)
    {
        if (NotOnV2.FirstOrDefault(expand.Has) is { } impossible)
        {
            throw V1Exception.Impossible($"v2 does not have 'metadata.{impossible}' of content", $"Leave 'metadata.{impossible}' out of expand.");
        }

        var metadata = Base(item);
        if (expand.Has("labels"))
        {
            Set("labels", await LabelsAsync(call, item));
        }

        if (expand.Has("properties"))
        {
            Set("properties", await PropertiesAsync(call, item, expand.Under("properties")));
        }

        return metadata;

        void Set(string name, JsonNode? value)
        {
            if (value is not null)
            {
                metadata[name] = value;
                metadata["_expandable"]!.AsObject().Remove(name);
            }
        }
    }

    private static JsonObject Base(ContentItem item)
    {
        var metadata = new JsonObject();
        if (item.Kind == ContentKind.Attachment)
        {
            metadata.Copy("comment", item.V2);
            metadata.Copy("mediaType", item.V2);
        }

        metadata["_expandable"] = new JsonObject { ["currentuser"] = "", ["properties"] = "", ["frontend"] = "", ["labels"] = "" };
        return metadata;
    }

    // v2 knows no labels of comments, and Confluence shows none.
    private static async Task<JsonObject?> LabelsAsync(V1Call call, ContentItem item)
    {
        if (item.Kind.IsComment())
        {
            return null;
        }

        var labels = (await call.V2.GetAsync($"{item.V2Path}/labels?limit={MostLabels}", () => V1Exception.NoContent(item.Id))).Objects("results").Select(LabelShape.Of).ToList();
        return new JsonObject
        {
            ["results"] = new JsonArray([.. labels]),
            ["start"] = 0,
            ["limit"] = MostLabels,
            ["size"] = labels.Count,
            ["_links"] = new JsonObject { ["self"] = $"{item.Path}/label" },
        };
    }

    private static async Task<JsonObject> PropertiesAsync(V1Call call, ContentItem item, Expansion expand)
    {
        var all = await Properties.OfContent(item.Kind, item.Id).AllAsync(call);
        var properties = new JsonObject();
        var expandable = new JsonObject();
        foreach (var property in all)
        {
            var key = property.Text("key") ?? "";
            if (expand.Has(key))
            {
                properties[key] = PropertyShape.OfContent(call, item.Id, property, Expansion.Of("version"));
            }
            else
            {
                expandable[key] = $"{item.Path}/property/{V1Call.Escape(key)}";
            }
        }

        properties["_expandable"] = expandable;
        return properties;
    }
}
