using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>Footer and inline comments.</summary>
internal sealed class V2Comments(ContentKind kind, string path)
{
    private const string Read = "read:comment:confluence";
    private const string Write = "write:comment:confluence";
    private const string Remove = "delete:comment:confluence";

    public void Map(ConfluenceOperations operations)
    {
        operations.V2("GET", path, Read, call => List(call, call.Site.All));
        operations.V2("POST", path, Write, Create);
        operations.V2("GET", $"{path}/{{id}}", Read, Get);
        operations.V2("PUT", $"{path}/{{id}}", Write, Update);
        operations.V2("DELETE", $"{path}/{{id}}", Remove, Delete);
        operations.V2("GET", $"{path}/{{id}}/children", Read, Children);
        operations.V2("GET", $"/pages/{{id}}{path}", Read, call => On(call, ContentKind.Page));
        operations.V2("GET", $"/blogposts/{{id}}{path}", Read, call => On(call, ContentKind.BlogPost));
    }

    private ConfluenceAnswer Get(ConfluenceCall call)
    {
        var comment = V2Query.Content(call, "id", kind);
        return V2Shapes.Comment(call, comment, V2Query.AskedVersion(call, comment), alone: true);
    }

    // Lists under a page show what was said first; the answers are behind /children.
    private ConfluenceAnswer On(ConfluenceCall call, ContentKind container)
    {
        var content = V2Query.Content(call, "id", container);
        return List(call, call.Site.All.Where(comment => comment.ContainerId == content.Id && comment.ParentId is null));
    }

    private ConfluenceAnswer Children(ConfluenceCall call)
    {
        var parent = V2Query.Content(call, "id", kind);
        return List(call, call.Site.All.Where(comment => comment.ParentId == parent.Id));
    }

    private ConfluenceAnswer List(ConfluenceCall call, IEnumerable<Content> from) => V2Paging.Page(
        call,
        V2Query.Sorted(call, from.Where(comment => comment.Kind == kind), "created-date", "modified-date"),
        comment => comment.Id,
        comment => V2Shapes.Comment(call, comment));

    private ConfluenceAnswer Create(ConfluenceCall call)
    {
        var body = V2Query.Body(call);
        var parent = V2Query.Text(body, "parentCommentId") is { } parentId
            ? call.Site.Find(V2Query.Id(parentId, "parentCommentId")) is { } found && found.Kind == kind ? found : throw V2Exception.NotFound()
            : null;
        var containerId = parent?.ContainerId?.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ?? V2Query.Text(body, "pageId")
            ?? V2Query.Text(body, "blogPostId")
            ?? throw V2Exception.Invalid("One of 'pageId', 'blogPostId' and 'parentCommentId' is required");
        var on = call.Site.Find(V2Query.Id(containerId, "pageId")) is { Kind: ContentKind.Page or ContentKind.BlogPost } container
            ? container
            : throw V2Exception.NotFound();
        var storage = V2Query.Storage(body) ?? throw V2Exception.Invalid("'body' is required");
        var comment = new Content(
            call.Site.NextId(), kind, on.SpaceId, new ContentVersion(1, call.Caller.AccountId, call.Site.Now, $"Re: {on.Title}", storage))
        {
            ContainerId = on.Id,
            ParentId = parent?.Id,
            Anchor = kind == ContentKind.InlineComment && parent is null ? Anchor(body) : null,
        };
        call.Site.Add(comment);
        return new ConfluenceAnswer(V2Shapes.Comment(call, comment, alone: true), 201, $"/wiki/api/v2{path}/{comment.Id}");
    }

    private static InlineAnchor Anchor(JsonObject body) =>
        body["inlineCommentProperties"] is JsonObject properties && V2Query.Text(properties, "textSelection") is { Length: > 0 } selection
            ? new InlineAnchor(Guid.NewGuid().ToString(), selection)
            : throw V2Exception.Invalid("'inlineCommentProperties.textSelection' is required");

    private ConfluenceAnswer Update(ConfluenceCall call)
    {
        var comment = V2Query.Content(call, "id", kind);
        var body = V2Query.Body(call);
        var (number, message) = V2Query.NextVersion(body, comment.Latest.Number);
        var storage = V2Query.Storage(body) ?? comment.Latest.Body;
        if (kind == ContentKind.InlineComment && V2Query.Text(body, "resolved") is { } resolved)
        {
            comment.Resolved = resolved == "true";
        }

        comment.Add(new ContentVersion(number, call.Caller.AccountId, call.Site.Now, comment.Title, storage, message));
        return V2Shapes.Comment(call, comment, alone: true);
    }

    private ConfluenceAnswer Delete(ConfluenceCall call)
    {
        call.Site.Purge(V2Query.Content(call, "id", kind));
        return ConfluenceAnswer.NoContent;
    }
}
