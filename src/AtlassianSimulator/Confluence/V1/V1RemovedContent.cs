using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's create, read, update and delete of content, which OAuth clients lost.</summary>
internal static class V1RemovedContent
{
    private const string Read = "read:confluence-content.summary";
    private const string Write = "write:confluence-content";

    public static void Map(ConfluenceOperations operations)
    {
        operations.RemovedV1("GET", "/content", Read, List);
        operations.RemovedV1("POST", "/content", Write, Create);
        operations.RemovedV1("GET", "/content/{id}", Read, Get);
        operations.RemovedV1("PUT", "/content/{id}", Write, Update);
        operations.RemovedV1("DELETE", "/content/{id}", Write, Delete);
        operations.RemovedV1("GET", "/content/{id}/history", Read, call => V1History.Shape(call, V1Query.Content(call), Expand.Of(call), alone: true));
    }

    private static ConfluenceAnswer List(ConfluenceCall call)
    {
        var kind = V1Query.Kind(call.Query("type") ?? "page") ?? throw V1Exception.Invalid($"Unknown content type : {call.Query("type")}");
        var space = call.Query("spaceKey") is { } key ? V1Query.Space(call, key) : null;
        var title = call.Query("title");
        var statuses = call.Queries("status");
        var found = call.Site.All.Where(content =>
            content.Kind == kind
            && (space is null || content.SpaceId == space.Id)
            && (title is null || content.Title.Equals(title, StringComparison.OrdinalIgnoreCase))
            && (statuses.Contains("any") || (statuses.Count == 0 ? content.Status == "current" : statuses.Contains(content.Status))));
        var expand = Expand.Of(call);
        return V1Paging.Page(call, found, content => V1Shapes.Content(call, content, expand));
    }

    private static ConfluenceAnswer Get(ConfluenceCall call)
    {
        var statuses = call.Queries("status");
        var content = call.Site.Find(call.Route("id")) is { Status: "trashed" } trashed && (statuses.Contains("trashed") || statuses.Contains("any"))
            ? trashed
            : V1Query.Content(call);
        var number = V1Paging.Number(call, "version", content.Latest.Number);
        var version = number == content.Latest.Number
            ? null
            : content.Versions.FirstOrDefault(version => version.Number == number)
                ?? throw V1Exception.NotFound($"No content found with id: ContentId{{id={content.PublicId}}}");
        return V1Shapes.Content(call, content, Expand.Of(call, "space", "history", "version"), version, alone: true);
    }

    private static ConfluenceAnswer Create(ConfluenceCall call)
    {
        var body = V1Query.Body(call);
        var type = V1Query.Required(V1Query.Text(body, "type"), "type");
        var kind = V1Query.Kind(type) is { } known and not ContentKind.Attachment ? known : throw V1Exception.Invalid($"Content of type {type} cannot be created");
        var container = kind == ContentKind.FooterComment
            ? V1Query.Content(call, V1Query.Required(V1Query.Text(body, "container", "id"), "container.id"))
            : null;
        var space = container is null ? V1Query.Space(call, V1Query.Required(V1Query.Text(body, "space", "key"), "space.key")) : call.Site.SpaceOf(container);
        var title = container is null ? V1Query.Required(V1Query.Text(body, "title"), "title") : $"Re: {container.Title}";
        if (container is null && call.Site.TitleIsTaken(kind, space.Id, title))
        {
            throw V1Exception.Invalid("A page already exists with the same TITLE in this space");
        }

        var content = new Content(
            call.Site.NextId(), kind, space.Id, new ContentVersion(1, call.Caller.AccountId, call.Site.Now, title, Storage(body) ?? ""))
        {
            ContainerId = container?.Id,
            ParentId = Parent(call, body) ?? (kind == ContentKind.Page ? space.HomepageId : null),
        };
        call.Site.Add(content);
        return V1Shapes.Content(call, content, new Expand(["space", "history", "version", "body.storage", "container"]), alone: true);
    }

    private static ConfluenceAnswer Update(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        var body = V1Query.Body(call);
        _ = V1Query.Required(V1Query.Text(body, "type"), "type");
        if (!int.TryParse(V1Query.Text(body, "version", "number"), out var number))
        {
            throw V1Exception.Invalid("version.number is required");
        }

        if (number != content.Latest.Number + 1)
        {
            throw V1Exception.Conflict($"Version must be incremented on update. Current version is: {content.Latest.Number}");
        }

        var title = V1Query.Text(body, "title") ?? content.Title;
        if (!content.IsComment && call.Site.TitleIsTaken(content.Kind, content.SpaceId, title, content))
        {
            throw V1Exception.Invalid("A page already exists with the same TITLE in this space");
        }

        var parentId = Parent(call, body);
        if (parentId is { } id && !call.Site.MayHangBelow(content, call.Site.Find(id)!))
        {
            throw V1Exception.Invalid("A page cannot be moved below itself");
        }

        content.ParentId = parentId ?? content.ParentId;
        content.Add(new ContentVersion(
            number, call.Caller.AccountId, call.Site.Now, title, Storage(body) ?? content.Latest.Body, V1Query.Text(body, "version", "message") ?? ""));
        return V1Shapes.Content(call, content, new Expand(["space", "history", "version", "body.storage", "ancestors", "container"]), alone: true);
    }

    private static ConfluenceAnswer Delete(ConfluenceCall call)
    {
        if (call.Query("status") == "trashed" && call.Site.Find(call.Route("id")) is { Status: "trashed" } trashed)
        {
            call.Site.Purge(trashed);
            return ConfluenceAnswer.NoContent;
        }

        var content = V1Query.Content(call);
        if (content.IsComment)
        {
            call.Site.Purge(content);
        }
        else
        {
            content.Status = "trashed";
        }

        return ConfluenceAnswer.NoContent;
    }

    private static string? Storage(JsonObject body) =>
        (body["body"] as JsonObject)?.FirstOrDefault() is { Key: { } representation, Value: JsonObject sent } && V1Query.Text(sent, "value") is { } value
            ? StorageFormat.FromRepresentation(value, representation) ?? throw V1Exception.Invalid($"Error parsing the {representation} body")
            : null;

    // The last of the ancestors is the parent: for a comment that is the one answered.
    private static long? Parent(ConfluenceCall call, JsonObject body) =>
        (body["ancestors"] as JsonArray)?.LastOrDefault() is JsonObject parent && V1Query.Text(parent, "id") is { } id ? V1Query.Content(call, id).Id : null;
}
