using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Changing and removing content: <c>PUT</c> and <c>DELETE content/{id}</c>.</summary>
internal static class ContentUpdate
{
    private static readonly string[] Standard = ["space", "history", "version", "body.storage", "ancestors", "container"];

    /// <summary>Writes another version of a page, a blog post or a comment.</summary>
    public static async Task<V1Answer> UpdateAsync(V1Call call)
    {
        var (id, sent) = (call.Parameters[0], call.Object());
        var type = WrittenContent.Type(sent);
        var number = sent.Number("version", "number") ?? throw V1Exception.Invalid("version.number is required");
        var kind = type switch
        {
            "page" => ContentKind.Page,
            "blogpost" => ContentKind.BlogPost,
            "comment" => await call.Site.KindAsync(id),
            _ => throw V1Exception.Impossible("v2 does not change attachments", $"Send PUT /wiki/rest/api/content/{{id}}/child/attachment/{id}, which v1 has kept."),
        };
        if (kind.V1Type() != type)
        {
            throw WrongType(id, type);
        }

        var version = new JsonObject { ["number"] = number };
        version.Copy("message", sent["version"]);
        var changed = kind.IsComment() ? await CommentAsync(call, kind, id, sent, version) : await InSpaceAsync(call, kind, id, sent, version);
        call.Site.Learn(id, kind);
        await MetadataWriting.WriteAsync(call, changed, sent);
        return new V1Answer(200, await ContentShape.OneAsync(call, changed, call.Expand(Standard)));
    }

    /// <summary>Publishes a draft, which v1 did when it was made again under its id.</summary>
    public static async Task<V1Answer> PublishAsync(V1Call call, string id, JsonObject sent)
    {
        var kind = WrittenContent.Type(sent) == "page" ? ContentKind.Page : ContentKind.BlogPost;
        var published = await InSpaceAsync(call, kind, id, sent, new JsonObject { ["number"] = 1 });
        await MetadataWriting.WriteAsync(call, published, sent);
        return new V1Answer(200, await ContentShape.OneAsync(call, published, call.Expand(Standard)));
    }

    /// <summary>Moves content to the trash, or removes it for good: comments always, other content from the trash.</summary>
    public static Task<V1Answer> DeleteAsync(V1Call call) => ContentReader.WithKindAsync(call, call.Parameters[0], async kind =>
    {
        var id = call.Parameters[0];
        var how = call.Query("status") switch
        {
            null or "current" => "",
            "trashed" => "?purge=true",
            "draft" => "?draft=true",
            var unknown => throw V1Exception.Invalid($"Content with the status {unknown} cannot be deleted"),
        };
        // v2's id of an attachment has no prefix here.
        var number = kind == ContentKind.Attachment && id.StartsWith("att", StringComparison.Ordinal) ? id[3..] : id;
        await call.V2.ChangeAsync(HttpMethod.Delete, $"{kind.Path()}/{number}{(kind.IsComment() ? "" : how)}", null, () => V1Exception.NoContent(id));
        return V1Answer.NoContent;
    });

    private static async Task<ContentItem> InSpaceAsync(V1Call call, ContentKind kind, string id, JsonObject sent, JsonObject version)
    {
        var status = call.Query("status") ?? sent.Text("status") ?? "current";
        if (status is not ("current" or "draft"))
        {
            throw V1Exception.Impossible($"v2 does not set the status '{status}' by a change", "Send DELETE to move content to the trash.");
        }

        try
        {
            return await ChangeAsync(call, kind, id, await CompleteAsync(call, kind, id, sent, version, status));
        }
        catch (V1Exception exception) when (exception.MissingContent == id)
        {
            // v2 has the kinds apart, so a wrong type looks as if there was nothing.
            throw await call.Site.KindAsync(id) == kind ? exception : WrongType(id, kind.V1Type());
        }
    }

    /// <summary>The change as v2 wants it: v1 keeps what is not sent, v2 is sent all of it.</summary>
    private static async Task<JsonObject> CompleteAsync(V1Call call, ContentKind kind, string id, JsonObject sent, JsonObject version, string status)
    {
        var (title, body) = (sent.Text("title"), WrittenContent.Body(sent));
        if (title is null || body is null)
        {
            var current = await ContentReader.ReadAsync(call, kind, id, "storage", status == "draft" || version.Number("number") == 1 ? "get-draft=true" : null);
            title ??= current.V2.Text("title");
            body ??= new JsonObject { ["representation"] = "storage", ["value"] = current.V2.Text("body", "storage", "value") ?? "" };
        }

        var change = new JsonObject { ["id"] = id, ["status"] = status, ["title"] = title, ["body"] = body, ["version"] = version };
        if (kind == ContentKind.Page && WrittenContent.Parent(sent) is { } parent)
        {
            change["parentId"] = parent;
        }

        return change;
    }

    private static V1Exception WrongType(string id, string type) => V1Exception.Invalid($"The content {id} is no {type}");

    private static async Task<ContentItem> CommentAsync(V1Call call, ContentKind kind, string id, JsonObject sent, JsonObject version)
    {
        var change = new JsonObject { ["version"] = version };
        var body = WrittenContent.Body(sent);
        if (body is null)
        {
            var current = await ContentReader.ReadAsync(call, kind, id, "storage");
            body = new JsonObject { ["representation"] = "storage", ["value"] = current.V2.Text("body", "storage", "value") ?? "" };
        }

        change["body"] = body;
        if (kind == ContentKind.InlineComment && sent.Text("extensions", "resolution", "status") is { } resolution)
        {
            change["resolved"] = resolution == "resolved";
        }

        return await ChangeAsync(call, kind, id, change);
    }

    private static async Task<ContentItem> ChangeAsync(V1Call call, ContentKind kind, string id, JsonObject change) =>
        new(kind, await call.V2.ChangeAsync(HttpMethod.Put, $"{kind.Path()}/{id}", change, () => V1Exception.NoContent(id)) as JsonObject
            ?? throw V1Exception.NotJson());
}
