using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's metadata of content: labels, properties, and for attachments what they are.</summary>
internal static class V1Metadata
{
    public static JsonObject Shape(ConfluenceCall call, Content content, Expand expand, string path)
    {
        var metadata = new JsonObject();
        var expandable = new JsonObject { ["currentuser"] = "", ["frontend"] = "" };
        Part("labels", _ => Labels(content, path));
        Part("properties", wanted => Properties(call, content, wanted, path));
        if (content.Kind == ContentKind.Attachment)
        {
            metadata["comment"] = content.Latest.Body;
            metadata["mediaType"] = content.Latest.File!.MediaType;
        }

        metadata["_expandable"] = expandable;
        return metadata;

        void Part(string name, Func<Expand, JsonNode> value)
        {
            if (expand.Has(name))
            {
                metadata[name] = value(expand.Under(name));
            }
            else
            {
                expandable[name] = "";
            }
        }
    }

    private static JsonObject Labels(Content content, string path) => new()
    {
        ["results"] = new JsonArray([.. content.Labels.Select(V1Shapes.Label)]),
        ["start"] = 0,
        ["limit"] = 200,
        ["size"] = content.Labels.Count,
        ["_links"] = new JsonObject { ["self"] = $"{path}/label" },
    };

    private static JsonObject Properties(ConfluenceCall call, Content content, Expand expand, string path)
    {
        var properties = new JsonObject();
        var expandable = new JsonObject();
        foreach (var property in content.Properties)
        {
            if (expand.Has(property.Key))
            {
                properties[property.Key] = V1PropertyShape.OfContent(call, content, property);
            }
            else
            {
                expandable[property.Key] = $"{path}/property/{Uri.EscapeDataString(property.Key)}";
            }
        }

        properties["_expandable"] = expandable;
        return properties;
    }
}
