using System.Text.Json.Nodes;
using AtlassianSimulator.Confluence.V2;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's <c>extensions</c>: what content of one type has and no other.</summary>
internal static class V1ExtensionsShape
{
    public static JsonObject Of(ConfluenceCall call, Content content, ContentVersion version, Expand expand) => content.Kind switch
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
        ContentKind.FooterComment => Comment(call, content, expand, "footer"),
        ContentKind.InlineComment => Comment(call, content, expand, "inline"),
        _ => [],
    };

    private static JsonObject Comment(ConfluenceCall call, Content comment, Expand expand, string location)
    {
        var shape = new JsonObject { ["location"] = location };
        var expandable = new JsonObject();
        Part("inlineProperties", () => comment.Anchor is { } anchor
            ? new JsonObject { ["originalSelection"] = anchor.Selection, ["markerRef"] = anchor.MarkerRef }
            : null);
        Part("resolution", () => comment.Kind == ContentKind.InlineComment ? Resolution(call, comment) : null);
        shape["_expandable"] = expandable;
        return shape;

        // What a footer comment does not have is neither there nor expandable once it is asked for.
        void Part(string name, Func<JsonObject?> value)
        {
            if (!expand.Has(name))
            {
                expandable[name] = "";
            }
            else if (value() is { } known)
            {
                shape[name] = known;
            }
        }
    }

    private static JsonObject Resolution(ConfluenceCall call, Content comment) => comment.Resolved
        ? new JsonObject
        {
            ["status"] = "resolved",
            ["lastModifier"] = V1Shapes.User(call, comment.Latest.AuthorId),
            ["lastModifiedDate"] = Time(comment.Latest.CreatedAt),
        }
        : new JsonObject { ["status"] = "open" };
}
