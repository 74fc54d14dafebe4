using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Making content: <c>POST content</c>.</summary>
internal static class ContentCreation
{
    private static readonly string[] Standard = ["space", "history", "version", "body.storage", "ancestors", "container"];

    /// <summary>Makes a page, a blog post or a comment.</summary>
    public static async Task<V1Answer> CreateAsync(V1Call call)
    {
        var sent = call.Object();
        if (sent.Text("id") is { Length: > 0 } draft && WrittenContent.Type(sent) is "page" or "blogpost")
        {
            return await ContentUpdate.PublishAsync(call, WrittenContent.Id(draft, "id"), sent);
        }

        var made = WrittenContent.Type(sent) switch
        {
            "page" => await InSpaceAsync(call, sent, ContentKind.Page),
            "blogpost" => await InSpaceAsync(call, sent, ContentKind.BlogPost),
            "comment" => await CommentAsync(call, sent),
            _ => throw V1Exception.Invalid("Content of type attachment cannot be created: upload it to content/{id}/child/attachment"),
        };
        call.Site.Learn(made.Id, made.Kind);
        await MetadataWriting.WriteAsync(call, made, sent);
        return new V1Answer(200, await ContentShape.OneAsync(call, made, call.Expand(Standard)));
    }

    private static async Task<ContentItem> InSpaceAsync(V1Call call, JsonObject sent, ContentKind kind)
    {
        var status = call.Query("status") ?? sent.Text("status") ?? "current";
        if (status is not ("current" or "draft"))
        {
            throw V1Exception.Invalid($"Content cannot be created with the status {status}");
        }

        var title = sent.Text("title");
        if (string.IsNullOrEmpty(title) && status != "draft")
        {
            throw V1Exception.Invalid("title is required");
        }

        var key = sent.Text("space", "key");
        var space = string.IsNullOrEmpty(key) ? throw V1Exception.Invalid("space.key is required") : await call.Site.SpaceAsync(key);
        var body = new JsonObject { ["spaceId"] = space.Id, ["status"] = status, ["title"] = title };
        if (kind == ContentKind.Page && WrittenContent.Parent(sent) is { } parent)
        {
            body["parentId"] = parent;
        }

        if (WrittenContent.Body(sent) is { } content)
        {
            body["body"] = content;
        }

        // v2 says 404 of the space and of the parent alike.
        return await CreateAsync(call, kind, body, () =>
        {
            call.Site.Forget(space);
            return body["parentId"] is { } id ? V1Exception.NoContent(id.ToString()) : SiteKnowledge.NoSpace(space.Key);
        });
    }

    private static async Task<ContentItem> CommentAsync(V1Call call, JsonObject sent)
    {
        var on = sent.Text("container", "id") is { Length: > 0 } container ? WrittenContent.Id(container, "container.id") : throw V1Exception.Invalid("container.id is required");
        var answered = WrittenContent.Parent(sent);
        var isInline = sent.Text("extensions", "location") == "inline";
        var body = new JsonObject { ["body"] = WrittenContent.Body(sent) ?? throw V1Exception.Invalid("body is required") };
        var kind = isInline ? ContentKind.InlineComment : ContentKind.FooterComment;
        if (answered is not null)
        {
            // v1 does not say of which kind the answered comment is, and v2 must know.
            kind = await call.Site.KindAsync(answered) is var parent && parent.IsComment() ? parent : throw V1Exception.Invalid($"{answered} is no comment");
            body["parentCommentId"] = answered;
            return await CreateAsync(call, kind, body, () => V1Exception.NoContent(answered));
        }

        if (isInline)
        {
            body["inlineCommentProperties"] = Selection(sent);
        }

        return await ContentReader.WithKindAsync(call, on, parent =>
        {
            var full = body.DeepClone().AsObject();
            full[parent switch
            {
                ContentKind.Page => "pageId",
                ContentKind.BlogPost => "blogPostId",
                _ => throw V1Exception.Invalid($"A {parent.V1Type()} cannot be commented by container.id; answer a comment by ancestors"),
            }] = on;
            return CreateAsync(call, kind, full, () => V1Exception.NoContent(on));
        });
    }

    private static JsonObject Selection(JsonObject sent)
    {
        var inline = sent.At("extensions", "inlineProperties");
        var selection = new JsonObject { ["textSelection"] = inline.Text("originalSelection") is { Length: > 0 } text ? text : throw V1Exception.Invalid("extensions.inlineProperties.originalSelection is required") };
        if (inline.Number("numMatches") is { } matches)
        {
            selection["textSelectionMatchCount"] = matches;
        }

        if (inline.Number("matchIndex") is { } index)
        {
            selection["textSelectionMatchIndex"] = index;
        }

        return selection;
    }

    private static async Task<ContentItem> CreateAsync(V1Call call, ContentKind kind, JsonObject body, Func<V1Exception> notFound) =>
        new(kind, await call.V2.ChangeAsync(HttpMethod.Post, kind.Path(), body, notFound) as JsonObject ?? throw V1Exception.NotJson());
}
