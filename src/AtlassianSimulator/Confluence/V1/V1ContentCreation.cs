using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's creation of content, and the publishing of drafts.</summary>
internal static class V1ContentCreation
{
    public static ConfluenceAnswer Create(ConfluenceCall call)
    {
        var body = V1Query.Body(call);
        var type = V1Query.Required(V1Query.Text(body, "type"), "type");
        var kind = V1Query.Kind(type) is { } known and not ContentKind.Attachment ? known : throw V1Exception.Invalid($"Content of type {type} cannot be created");
        var status = V1Query.Text(body, "status") ?? call.Query("status") ?? "current";
        if (status is not ("current" or "draft"))
        {
            throw V1Exception.Invalid($"Content cannot be created as {status}");
        }

        var content = kind == ContentKind.FooterComment ? NewComment(call, body)
            : status == "current" && V1Query.Text(body, "id") is { Length: > 0 } id ? V1ContentUpdate.Publish(call, V1Query.Draft(call, id), body)
            : NewContent(call, body, kind, status);
        V1SentContent.TakeMetadata(call, content, body, replaceLabels: false);
        return V1Shapes.Content(call, content, Expand.Of(call, "space", "history", "version", "body.storage", "ancestors", "container"), alone: true);
    }

    private static Content NewContent(ConfluenceCall call, JsonObject body, ContentKind kind, string status)
    {
        var space = V1Query.Space(call, V1Query.Required(V1Query.Text(body, "space", "key"), "space.key"));
        var title = status == "draft" ? V1Query.Text(body, "title") ?? "" : V1Query.Required(V1Query.Text(body, "title"), "title");
        if (status == "current")
        {
            V1SentContent.TitleMustBeFree(call, kind, space.Id, title);
        }

        return call.Site.Add(new Content(call.Site.NextId(), kind, space.Id, First(call, title, body))
        {
            Status = status,
            ParentId = V1SentContent.Parent(call, body)?.Id ?? (kind == ContentKind.Page ? space.HomepageId : null),
        });
    }

    // The answer to a comment is of the kind of what it answers, and on the same page.
    private static Content NewComment(ConfluenceCall call, JsonObject body)
    {
        var answered = V1SentContent.Parent(call, body);
        if (answered is { IsComment: false })
        {
            throw V1Exception.Invalid("The ancestor of a comment must be a comment");
        }

        var containerId = V1Query.Text(body, "container", "id") ?? answered?.ContainerId?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var container = V1Query.Content(call, V1Query.Required(containerId, "container.id"));
        if (answered is not null && answered.ContainerId != container.Id)
        {
            throw V1Exception.Invalid("The comment answered is on other content");
        }

        var isInline = answered is null ? V1Query.Text(body, "extensions", "location") == "inline" : answered.Kind == ContentKind.InlineComment;
        return call.Site.Add(new Content(
            call.Site.NextId(), isInline ? ContentKind.InlineComment : ContentKind.FooterComment, container.SpaceId, First(call, $"Re: {container.Title}", body))
        {
            ContainerId = container.Id,
            ParentId = answered?.Id,
            Anchor = isInline && answered is null ? Anchor(body) : null,
        });
    }

    private static InlineAnchor Anchor(JsonObject body) => new(
        V1Query.Text(body, "extensions", "inlineProperties", "markerRef") ?? Guid.NewGuid().ToString(),
        V1Query.Required(V1Query.Text(body, "extensions", "inlineProperties", "originalSelection"), "extensions.inlineProperties.originalSelection"));

    private static ContentVersion First(ConfluenceCall call, string title, JsonObject body) =>
        new(1, call.Caller.AccountId, call.Site.Now, title, V1SentContent.Storage(body) ?? "");
}
