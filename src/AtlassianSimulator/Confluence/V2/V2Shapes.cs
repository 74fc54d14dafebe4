using System.Globalization;
using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>The JSON of v2's pages, blog posts, comments and their parts.</summary>
internal static class V2Shapes
{
    /// <summary>A page or blog post; alone it also names its base.</summary>
    public static JsonObject Content(ConfluenceCall call, Content content, ContentVersion? version = null, bool alone = false)
    {
        var shown = version ?? content.Latest;
        var shape = new JsonObject { ["id"] = content.PublicId, ["status"] = version is null ? content.Status : "historical", ["title"] = shown.Title, ["spaceId"] = Text(content.SpaceId) };
        if (content.Kind == ContentKind.Page)
        {
            shape["parentId"] = Text(content.ParentId);
            shape["parentType"] = content.ParentId is null ? null : "page";
            shape["position"] = content.Position;
            shape["ownerId"] = content.First.AuthorId;
            shape["lastOwnerId"] = null;
        }

        shape["authorId"] = content.First.AuthorId;
        shape["createdAt"] = Time(content.First.CreatedAt);
        shape["version"] = Version(shown);
        shape["body"] = Body(call, shown, alone);
        shape["_links"] = Links(call, alone, new JsonObject
        {
            ["editui"] = ContentLinks.EditUi(content),
            ["webui"] = ContentLinks.WebUi(call.Site, content),
            ["edituiv2"] = $"/spaces/{call.Site.SpaceOf(content).Key}/pages/edit-v2/{content.Id}",
            ["tinyui"] = ContentLinks.TinyUi(content),
        });
        return shape;
    }

    public static JsonObject Comment(ConfluenceCall call, Content comment, ContentVersion? version = null, bool alone = false)
    {
        var shown = version ?? comment.Latest;
        var shape = new JsonObject { ["id"] = comment.PublicId, ["status"] = version is null ? comment.Status : "historical", ["title"] = shown.Title };
        var on = call.Site.Find(comment.ContainerId!.Value);
        shape[on?.Kind == ContentKind.BlogPost ? "blogPostId" : "pageId"] = Text(comment.ContainerId);
        if (comment.ParentId is not null)
        {
            shape["parentCommentId"] = Text(comment.ParentId);
        }

        shape["version"] = Version(shown);
        shape["body"] = Body(call, shown, alone);
        if (comment.Kind == ContentKind.InlineComment)
        {
            shape["resolutionStatus"] = comment.Resolved ? "resolved" : "open";
            shape["resolutionLastModifierId"] = comment.Resolved ? comment.Latest.AuthorId : null;
            shape["resolutionLastModifiedAt"] = comment.Resolved ? Time(comment.Latest.CreatedAt) : null;
            shape["properties"] = new JsonObject
            {
                ["inlineMarkerRef"] = comment.Anchor?.MarkerRef,
                ["inlineOriginalSelection"] = comment.Anchor?.Selection,
                ["inline-marker-ref"] = comment.Anchor?.MarkerRef,
                ["inline-original-selection"] = comment.Anchor?.Selection,
            };
        }

        shape["_links"] = Links(call, alone, new JsonObject { ["webui"] = ContentLinks.WebUi(call.Site, comment) });
        return shape;
    }

    public static JsonObject Version(ContentVersion version) => new()
    {
        ["number"] = version.Number,
        ["message"] = version.Message,
        ["minorEdit"] = version.MinorEdit,
        ["authorId"] = version.AuthorId,
        ["createdAt"] = Time(version.CreatedAt),
    };

    public static JsonObject Label(Label label) => new() { ["id"] = Text(label.Id), ["name"] = label.Name, ["prefix"] = label.Prefix };

    /// <summary>Adds the site's base to the links of something that is answered alone.</summary>
    public static JsonObject Links(ConfluenceCall call, bool alone, JsonObject links)
    {
        if (alone)
        {
            links["base"] = call.Site.Site.WikiBase;
        }

        return links;
    }

    public static string? Text(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    // A list offers fewer representations than a single read, and without a wish there is no body.
    public static JsonObject Body(ConfluenceCall call, ContentVersion version, bool alone) => alone
        ? Body(call, version.Body, "storage", "atlas_doc_format", "view", "export_view", "anonymous_export_view")
        : Body(call, version.Body, "storage", "atlas_doc_format");

    public static JsonObject Body(ConfluenceCall call, string storage, params string[] offered)
    {
        if (call.Query("body-format") is not { } format)
        {
            return [];
        }

        if (!offered.Contains(format))
        {
            throw V2Exception.InvalidParameter("body-format", format, $"one of {string.Join(", ", offered)}");
        }

        return new JsonObject { [format] = new JsonObject { ["representation"] = format, ["value"] = StorageFormat.Render(storage, format) } };
    }
}
