using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>Pages and blog posts, which v2 treats alike but for the tree.</summary>
internal sealed class V2Contents(ContentKind kind, string path)
{
    private const string Read = "read:page:confluence";
    private const string Write = "write:page:confluence";
    private const string Remove = "delete:page:confluence";

    private static readonly string[] Orders = ["id", "created-date", "modified-date", "title"];

    private string Name => kind == ContentKind.Page ? "page" : "blog post";

    public void Map(ConfluenceOperations operations)
    {
        operations.V2("GET", path, Read, call => List(call, call.Site.All));
        operations.V2("POST", path, Write, Create);
        operations.V2("GET", $"{path}/{{id}}", Read, Get);
        operations.V2("PUT", $"{path}/{{id}}", Write, Update);
        operations.V2("DELETE", $"{path}/{{id}}", Remove, Delete);
        operations.V2("GET", $"/spaces/{{id}}{path}", Read, call => List(call, InSpace(call)));
        operations.V2("GET", $"/labels/{{id}}{path}", Read, call => List(call, WithLabel(call)));
    }

    private ConfluenceAnswer List(ConfluenceCall call, IEnumerable<Content> from)
    {
        var ids = call.Queries("id").Select(id => V2Query.Id(id, "id")).ToHashSet();
        var spaces = call.Queries("space-id").Select(id => V2Query.Id(id, "space-id")).ToHashSet();
        var title = call.Query("title");
        var found = V2Query.WithStatus(call, from.Where(content => content.Kind == kind), "current", "archived").Where(content =>
            (ids.Count == 0 || ids.Contains(content.Id))
            && (spaces.Count == 0 || spaces.Contains(content.SpaceId))
            && (title is null || content.Title.Equals(title, StringComparison.OrdinalIgnoreCase)));
        return V2Paging.Page(call, V2Query.Sorted(call, found, Orders), content => content.Id, content => V2Shapes.Content(call, content));
    }

    private static IEnumerable<Content> InSpace(ConfluenceCall call)
    {
        var space = V2Spaces.Find(call, "id");
        return call.Site.All.Where(content => content.SpaceId == space.Id && (call.Query("depth") != "root" || content.ParentId is null));
    }

    private static IEnumerable<Content> WithLabel(ConfluenceCall call)
    {
        var id = V2Query.Id(call, "id");
        return call.Site.Labels.Any(label => label.Id == id)
            ? call.Site.All.Where(content => content.Labels.Any(label => label.Id == id))
            : throw V2Exception.NotFound();
    }

    private ConfluenceAnswer Get(ConfluenceCall call)
    {
        var content = Find(call, call.Query("get-draft") == "true");
        return V2Shapes.Content(call, content, V2Query.AskedVersion(call, content), alone: true);
    }

    // What was never published is there only for those who ask for drafts.
    private Content Find(ConfluenceCall call, bool draft) =>
        V2Query.Content(call, "id", kind) is var content && (draft || content.Status != "draft") ? content : throw V2Exception.NotFound();

    private ConfluenceAnswer Create(ConfluenceCall call)
    {
        var body = V2Query.Body(call);
        var space = call.Site.FindSpace(V2Query.Id(V2Query.Required(body, "spaceId"), "spaceId")) ?? throw V2Exception.NotFound("The space does not exist");
        var status = V2Query.Text(body, "status") ?? "current";
        var title = status == "draft" ? V2Query.Text(body, "title") ?? "" : V2Query.Required(body, "title");
        if (status is not ("current" or "draft"))
        {
            throw V2Exception.Invalid("'status' must be current or draft");
        }

        if (status == "current" && call.Site.TitleIsTaken(kind, space.Id, title))
        {
            throw V2Exception.Invalid($"A {Name} with this title already exists in this space");
        }

        var content = new Content(
            call.Site.NextId(), kind, space.Id, new ContentVersion(1, call.Caller.AccountId, call.Site.Now, title, V2Query.Storage(body) ?? ""))
        {
            Status = status,
            ParentId = Parent(call, body) ?? (kind == ContentKind.Page ? space.HomepageId : null),
        };
        call.Site.Add(content);
        return V2Shapes.Content(call, content, alone: true);
    }

    private ConfluenceAnswer Update(ConfluenceCall call)
    {
        var content = V2Query.Content(call, "id", kind);
        var body = V2Query.Body(call);
        if (V2Query.Required(body, "id") != content.PublicId)
        {
            throw V2Exception.Invalid("'id' must be the id in the path");
        }

        var status = V2Query.Required(body, "status");
        if (status is not ("current" or "draft" or "archived" or "deleted"))
        {
            throw V2Exception.Invalid("'status' must be current, draft, archived or deleted");
        }

        var title = V2Query.Required(body, "title");
        var storage = V2Query.Storage(body) ?? throw V2Exception.Invalid("'body' is required");
        var isDraft = content.Status == "draft";
        var (number, message) = V2Query.NextVersion(body, isDraft ? 0 : content.Latest.Number);
        if (status == "current" && call.Site.TitleIsTaken(kind, content.SpaceId, title, content))
        {
            throw V2Exception.Invalid($"A {Name} with this title already exists in this space");
        }

        var parentId = Parent(call, body);
        if (parentId is { } id && !call.Site.MayHangBelow(content, call.Site.Find(id)!))
        {
            throw V2Exception.Invalid("A page cannot be moved below itself");
        }

        content.ParentId = parentId ?? content.ParentId;
        content.Status = status;
        var version = new ContentVersion(number, call.Caller.AccountId, call.Site.Now, title, storage, message);
        if (isDraft)
        {
            // A draft has no history: it stays at its first version until it is published as that.
            content.Rewrite(version);
        }
        else
        {
            content.Add(version);
        }

        return V2Shapes.Content(call, content, alone: true);
    }

    private ConfluenceAnswer Delete(ConfluenceCall call)
    {
        var draft = call.Query("draft") == "true";
        var content = Find(call, draft);
        if (draft && content.Status != "draft")
        {
            throw V2Exception.NotFound();
        }

        if (draft || (call.Query("purge") == "true" && content.Status == "trashed"))
        {
            call.Site.Purge(content);
        }
        else
        {
            content.Status = "trashed";
        }

        return ConfluenceAnswer.NoContent;
    }

    private long? Parent(ConfluenceCall call, JsonObject body) => kind != ContentKind.Page || V2Query.Text(body, "parentId") is not { Length: > 0 } id
        ? null
        : call.Site.Find(V2Query.Id(id, "parentId")) is { Kind: ContentKind.Page } parent ? parent.Id : throw V2Exception.NotFound("The parent does not exist");
}
