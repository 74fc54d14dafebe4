using System.Globalization;
using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>Tasks of pages and blog posts.</summary>
internal static class V2Tasks
{
    private const string Read = "read:task:confluence";

    public static void Map(ConfluenceOperations operations)
    {
        operations.V2("GET", "/tasks", Read, List);
        operations.V2("GET", "/tasks/{id}", Read, call => Shape(call, Find(call), alone: true));
        operations.V2("PUT", "/tasks/{id}", "write:task:confluence", Update);
    }

    private static ConfluenceAnswer List(ConfluenceCall call)
    {
        var found = call.Site.Tasks
            .Where(task => call.Query("include-blank-tasks") != "false" || StorageFormat.PlainText(task.Body).Length > 0)
            .Where(Status(call))
            .Where(IsOneOf(call, "task-id", task => task.Id))
            .Where(IsOneOf(call, "space-id", task => task.On.SpaceId))
            .Where(IsOn(call))
            .Where(IsBy(call, "created-by", task => task.CreatorId))
            .Where(IsBy(call, "assigned-to", task => task.AssigneeId))
            .Where(IsBy(call, "completed-by", task => task.CompletedById))
            .Where(IsWithin(call, "created-at", task => task.CreatedAt))
            .Where(IsWithin(call, "due-at", task => task.DueAt))
            .Where(IsWithin(call, "completed-at", task => task.CompletedAt));
        return V2Paging.Page(call, found, task => task.Id, task => Shape(call, task));
    }

    private static ConfluenceAnswer Update(ConfluenceCall call)
    {
        var task = Find(call);
        var status = V2Query.Required(V2Query.Body(call), "status");
        if (status is not ("complete" or "incomplete"))
        {
            throw V2Exception.Invalid("'status' must be complete or incomplete");
        }

        task.Set(status, call.Caller.AccountId, call.Site.Now);
        return Shape(call, task, alone: true);
    }

    private static InlineTask Find(ConfluenceCall call)
    {
        var id = V2Query.Id(call, "id");
        return call.Site.Tasks.FirstOrDefault(task => task.Id == id) ?? throw V2Exception.NotFound();
    }

    private static Func<InlineTask, bool> Status(ConfluenceCall call) => call.Query("status") switch
    {
        null => _ => true,
        "complete" or "incomplete" => task => task.Status == call.Query("status"),
        var unknown => throw V2Exception.InvalidParameter("status", unknown, "one of complete, incomplete"),
    };

    // Pages and blog posts may be asked for together; a task of either will do.
    private static Func<InlineTask, bool> IsOn(ConfluenceCall call)
    {
        var (pages, posts) = (Ids(call, "page-id"), Ids(call, "blogpost-id"));
        return task => (pages.Count == 0 && posts.Count == 0) || (task.On.Kind == ContentKind.Page ? pages : posts).Contains(task.On.Id);
    }

    private static Func<InlineTask, bool> IsOneOf(ConfluenceCall call, string name, Func<InlineTask, long> actual)
    {
        var ids = Ids(call, name);
        return task => ids.Count == 0 || ids.Contains(actual(task));
    }

    private static HashSet<long> Ids(ConfluenceCall call, string name) => [.. call.Queries(name).Select(id => V2Query.Id(id, name))];

    private static Func<InlineTask, bool> IsBy(ConfluenceCall call, string name, Func<InlineTask, string?> actual)
    {
        var accounts = call.Queries(name);
        return task => accounts.Count == 0 || accounts.Contains(actual(task));
    }

    private static Func<InlineTask, bool> IsWithin(ConfluenceCall call, string name, Func<InlineTask, DateTimeOffset?> actual)
    {
        var (from, to) = (Milliseconds(call, $"{name}-from"), Milliseconds(call, $"{name}-to"));
        return task => (from is null && to is null)
            || (actual(task)?.ToUnixTimeMilliseconds() is { } at && at >= (from ?? long.MinValue) && at <= (to ?? long.MaxValue));
    }

    private static long? Milliseconds(ConfluenceCall call, string name) => call.Query(name) is not { } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            ? milliseconds
            : throw V2Exception.InvalidParameter(name, text, "long");

    private static JsonObject Shape(ConfluenceCall call, InlineTask task, bool alone = false)
    {
        var shape = new JsonObject
        {
            ["id"] = V2Shapes.Text(task.Id),
            ["localId"] = V2Shapes.Text(task.LocalId),
            ["spaceId"] = V2Shapes.Text(task.On.SpaceId),
            [task.On.Kind == ContentKind.Page ? "pageId" : "blogPostId"] = task.On.PublicId,
            ["status"] = task.Status,
            ["body"] = V2Shapes.Body(call, task.Body, "storage", "atlas_doc_format"),
            ["createdBy"] = task.CreatorId,
            ["assignedTo"] = task.AssigneeId,
            ["completedBy"] = task.CompletedById,
            ["createdAt"] = Time(task.CreatedAt),
            ["updatedAt"] = When(task.UpdatedAt),
            ["dueAt"] = When(task.DueAt),
            ["completedAt"] = When(task.CompletedAt),
        };
        if (alone)
        {
            shape["_links"] = V2Shapes.Links(call, alone, []);
        }

        return shape;
    }

    private static string? When(DateTimeOffset? time) => time is { } known ? Time(known) : null;
}
