using System.Text.Json.Nodes;
using AtlassianSimulator.Confluence.V2;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>The parts of v1's content that are its own: body, metadata and extensions.</summary>
internal static class V1ContentParts
{
    public static JsonObject Body(ContentVersion version, Expand expand, string path)
    {
        var body = new JsonObject();
        var expandable = new JsonObject();
        foreach (var representation in (string[])["storage", "view", "export_view", "styled_view", "anonymous_export_view", "editor", "atlas_doc_format"])
        {
            if (!expand.Has(representation))
            {
                expandable[representation] = "";
                continue;
            }

            body[representation] = new JsonObject
            {
                ["value"] = StorageFormat.Render(version.Body, representation),
                ["representation"] = representation,
                ["embeddedContent"] = new JsonArray(),
                ["_expandable"] = new JsonObject { ["content"] = path },
            };
        }

        body["_expandable"] = expandable;
        return body;
    }

    public static JsonObject Metadata(Content content, Expand expand, string path)
    {
        var metadata = new JsonObject();
        var expandable = new JsonObject { ["currentuser"] = "", ["properties"] = "", ["frontend"] = "" };
        if (expand.Has("labels"))
        {
            metadata["labels"] = new JsonObject
            {
                ["results"] = new JsonArray([.. content.Labels.Select(V1Shapes.Label)]),
                ["start"] = 0,
                ["limit"] = 200,
                ["size"] = content.Labels.Count,
                ["_links"] = new JsonObject { ["self"] = $"{path}/label" },
            };
        }
        else
        {
            expandable["labels"] = "";
        }

        if (content.Kind == ContentKind.Attachment)
        {
            metadata["comment"] = content.Latest.Body;
            metadata["mediaType"] = content.Latest.File!.MediaType;
        }

        metadata["_expandable"] = expandable;
        return metadata;
    }

    public static JsonObject Extensions(Content content, ContentVersion version) => content.Kind switch
    {
        ContentKind.Attachment => new JsonObject
        {
            ["mediaType"] = version.File!.MediaType,
            ["fileSize"] = version.File.Length,
            ["comment"] = version.Body,
            ["mediaTypeDescription"] = V2Attachments.MediaTypeDescription(version.File.MediaType),
            ["fileId"] = version.File.Id,
            ["collectionName"] = $"contentId-{content.ContainerId}",
        },
        ContentKind.Page => new JsonObject { ["position"] = content.Position },
        ContentKind.FooterComment => new JsonObject { ["location"] = "footer" },
        ContentKind.InlineComment => new JsonObject { ["location"] = "inline" },
        _ => [],
    };
}
