using System.Globalization;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's inline tasks, which OAuth clients lost.</summary>
internal static class V1RemovedTasks
{
    private const int StandardLimit = 20;

    public static void Map(ConfluenceOperations operations)
    {
        operations.RemovedV1("GET", "/inlinetasks/search", "read:confluence-content.all", Search);
        operations.RemovedV1("GET", "/inlinetasks/{id}", "read:inlinetask:confluence", call => Shape(Find(call)));
        operations.RemovedV1("PUT", "/inlinetasks/{id}", "write:inlinetask:confluence", Update);
    }

    private static ConfluenceAnswer Search(ConfluenceCall call)
    {
        if (call.Query("status") is { } status and not ("complete" or "incomplete"))
        {
            throw V1Exception.Invalid($"Unknown task status : {status}");
        }

        var found = call.Site.Tasks.Where(task =>
            (call.Query("status") is not { } wanted || wanted == task.Status)
            && Matches(call, "spaceKey", call.Site.SpaceOf(task.On).Key)
            && Matches(call, "pageId", task.On.PublicId)
            && Matches(call, "assignee", task.AssigneeId)
            && Matches(call, "creator", task.CreatorId)
            && Matches(call, "completedUser", task.CompletedById)
            && IsWithin(call, "duedate", task.DueAt)
            && IsWithin(call, "createdate", task.CreatedAt)
            && IsWithin(call, "completedate", task.CompletedAt));
        var page = V1Paging.Page(call, found, Shape, StandardLimit);

        // Unlike other lists of v1, this one has no links: clients go on by start.
        page.Remove("_links");
        return page;
    }

    private static ConfluenceAnswer Update(ConfluenceCall call)
    {
        var task = Find(call);
        var status = V1Query.Required(V1Query.Text(V1Query.Body(call), "status"), "status");
        if (status is not ("complete" or "incomplete"))
        {
            throw V1Exception.Invalid($"Unknown task status : {status}");
        }

        task.Set(status, call.Caller.AccountId, call.Site.Now);
        return Shape(task);
    }

    private static InlineTask Find(ConfluenceCall call) =>
        call.Site.Tasks.FirstOrDefault(task => task.Id.ToString(CultureInfo.InvariantCulture) == call.Route("id"))
        ?? throw V1Exception.NotFound($"No inline task found with id: {call.Route("id")}");

    private static bool Matches(ConfluenceCall call, string name, string? actual) =>
        call.Queries(name) is { Count: 0 } || call.Queries(name).Contains(actual, StringComparer.OrdinalIgnoreCase);

    private static bool IsWithin(ConfluenceCall call, string name, DateTimeOffset? actual)
    {
        var (from, to) = (Milliseconds(call, $"{name}From"), Milliseconds(call, $"{name}To"));
        return (from is null && to is null)
            || (actual?.ToUnixTimeMilliseconds() is { } at && at >= (from ?? long.MinValue) && at <= (to ?? long.MaxValue));
    }

    private static long? Milliseconds(ConfluenceCall call, string name) => call.Query(name) is not { } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            ? milliseconds
            : throw V1Exception.Invalid($"{name} must be a time in milliseconds");

    // What a task does not have is left out.
    private static JsonObject Shape(InlineTask task)
    {
        var shape = new JsonObject
        {
            ["globalId"] = task.Id,
            ["id"] = task.LocalId,
            ["contentId"] = task.On.Id,
            ["status"] = task.Status,
            ["title"] = task.On.Title,
            ["body"] = task.Body,
            ["creator"] = task.CreatorId,
            ["createDate"] = task.CreatedAt.ToUnixTimeMilliseconds(),
        };
        Add("assignee", task.AssigneeId);
        Add("completeUser", task.CompletedById);
        Add("dueDate", task.DueAt?.ToUnixTimeMilliseconds());
        Add("updateDate", task.UpdatedAt?.ToUnixTimeMilliseconds());
        Add("completeDate", task.CompletedAt?.ToUnixTimeMilliseconds());
        return shape;

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
            {
                shape[name] = value;
            }
        }
    }
}
