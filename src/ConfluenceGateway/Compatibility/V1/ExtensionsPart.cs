using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>What content has according to its kind.</summary>
internal static class ExtensionsPart
{
    private static readonly string[] OfAttachments = ["mediaType", "fileSize", "comment", "mediaTypeDescription", "fileId"];

    /// <summary>v1's <c>extensions</c>, which are always there.</summary>
    public static JsonObject Of(ContentItem item, Expansion expand, Users users)
    {
        var extensions = new JsonObject();
        switch (item.Kind)
        {
            case ContentKind.Page:
                extensions.Copy("position", item.V2);
                break;
            case ContentKind.Attachment:
                foreach (var name in OfAttachments)
                {
                    extensions.Copy(name, item.V2);
                }

                break;
            case ContentKind.FooterComment:
                extensions["location"] = "footer";
                Comment(item.V2, expand, users, extensions);
                break;
            case ContentKind.InlineComment:
                extensions["location"] = "inline";
                Comment(item.V2, expand, users, extensions);
                break;
        }

        return extensions;
    }

    private static void Comment(JsonObject comment, Expansion expand, Users users, JsonObject extensions)
    {
        var expandable = new JsonObject();
        if (!expand.Has("inlineProperties"))
        {
            expandable["inlineProperties"] = "";
        }
        else if (comment["properties"] is JsonObject properties)
        {
            var inline = new JsonObject();
            inline.Copy("markerRef", properties, "inlineMarkerRef");
            inline.Copy("originalSelection", properties, "inlineOriginalSelection");
            extensions["inlineProperties"] = inline;
        }

        if (!expand.Has("resolution"))
        {
            expandable["resolution"] = "";
        }
        else if (comment.Text("resolutionStatus") is { } status)
        {
            var resolution = new JsonObject { ["status"] = status };
            if (users[comment.Text("resolutionLastModifierId")] is { } modifier)
            {
                resolution["lastModifier"] = modifier;
            }

            resolution.Copy("lastModifiedDate", comment, "resolutionLastModifiedAt");
            extensions["resolution"] = resolution;
        }

        extensions["_expandable"] = expandable;
    }
}
