using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's update of content, by which drafts are also published and trashed content comes back.</summary>
internal static class V1ContentUpdate
{
    public static ConfluenceAnswer Update(ConfluenceCall call)
    {
        var body = V1Query.Body(call);
        var type = V1Query.Required(V1Query.Text(body, "type"), "type");
        if (call.Site.Find(call.Route("id")) is { } known && V1Query.Type(known) != type)
        {
            throw V1Exception.Invalid($"Content of type {V1Query.Type(known)} cannot become a {type}");
        }

        if (!int.TryParse(V1Query.Text(body, "version", "number"), out var number))
        {
            throw V1Exception.Invalid("version.number is required");
        }

        var status = V1Query.Text(body, "status");
        var content = call.Site.Find(call.Route("id")) switch
        {
            { Status: "draft" } draft => PublishByUpdate(call, draft, body, status, number),
            { Status: "trashed" } trashed when status == "current" => Restore(call, trashed, body, number),
            _ => Change(call, V1Query.Content(call), body, status, number),
        };
        V1SentContent.TakeMetadata(call, content, body, replaceLabels: true);
        return V1Shapes.Content(call, content, Expand.Of(call, "space", "history", "version", "body.storage", "ancestors", "container"), alone: true);
    }

    /// <summary>Makes a draft current: its first version is written anew with what was sent.</summary>
    public static Content Publish(ConfluenceCall call, Content draft, JsonObject body)
    {
        var title = V1Query.Required(V1Query.Text(body, "title") ?? draft.Title, "title");
        V1SentContent.TitleMustBeFree(call, draft.Kind, draft.SpaceId, title);
        draft.ParentId = V1SentContent.Parent(call, body)?.Id ?? draft.ParentId;
        draft.Rewrite(new ContentVersion(1, call.Caller.AccountId, call.Site.Now, title, V1SentContent.Storage(body) ?? draft.Latest.Body));
        draft.Status = "current";
        return draft;
    }

    private static Content PublishByUpdate(ConfluenceCall call, Content draft, JsonObject body, string? status, int number)
    {
        if (status != "current")
        {
            throw V1Exception.Conflict("Draft pages cannot be updated");
        }

        return number == 1 ? Publish(call, draft, body) : throw V1Exception.Conflict("Version must be 1 when a draft is published");
    }

    // Nothing but the status changes when content is taken out of the trash.
    private static Content Restore(ConfluenceCall call, Content content, JsonObject body, int number)
    {
        MustBeNext(content, number);
        V1SentContent.TitleMustBeFree(call, content.Kind, content.SpaceId, content.Title, content);
        content.Status = "current";
        content.Add(Next(call, content, body, content.Title, content.Latest.Body));
        return content;
    }

    private static Content Change(ConfluenceCall call, Content content, JsonObject body, string? status, int number)
    {
        if (status is not (null or "current" or "trashed"))
        {
            throw V1Exception.NotSupported($"Content cannot be updated to {status}");
        }

        MustBeNext(content, number);
        var title = V1Query.Text(body, "title") ?? content.Title;
        if (!content.IsComment)
        {
            V1SentContent.TitleMustBeFree(call, content.Kind, content.SpaceId, title, content);
        }

        var parent = V1SentContent.Parent(call, body);
        if (parent is not null && !call.Site.MayHangBelow(content, parent))
        {
            throw V1Exception.Invalid("A page cannot be moved below itself");
        }

        var storage = V1SentContent.Storage(body) ?? content.Latest.Body;
        content.ParentId = parent?.Id ?? content.ParentId;
        content.Status = status ?? content.Status;
        content.Add(Next(call, content, body, title, storage));
        return content;
    }

    private static ContentVersion Next(ConfluenceCall call, Content content, JsonObject body, string title, string storage) => new(
        content.Latest.Number + 1,
        call.Caller.AccountId,
        call.Site.Now,
        title,
        storage,
        V1Query.Text(body, "version", "message") ?? "",
        V1Query.Text(body, "version", "minorEdit") == "true",
        content.Latest.File);

    private static void MustBeNext(Content content, int number)
    {
        if (number != content.Latest.Number + 1)
        {
            throw V1Exception.Conflict($"Version must be incremented on update. Current version is: {content.Latest.Number}");
        }
    }
}
