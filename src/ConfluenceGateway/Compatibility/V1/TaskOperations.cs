using System.Globalization;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Inline tasks: <c>inlinetasks</c>.</summary>
internal static class TaskOperations
{
    private const int StandardLimit = 20;

    // v1's parameter, and v2's; both in milliseconds since 1970 where they are times.
    private static readonly (string V1, string V2)[] Filters =
    [
        ("pageId", "page-id"), ("assignee", "assigned-to"), ("creator", "created-by"), ("completedUser", "completed-by"), ("status", "status"),
        ("duedateFrom", "due-at-from"), ("duedateTo", "due-at-to"), ("createdateFrom", "created-at-from"), ("createdateTo", "created-at-to"),
        ("completedateFrom", "completed-at-from"), ("completedateTo", "completed-at-to"),
    ];

    /// <summary>Lists tasks.</summary>
    public static async Task<V1Answer> SearchAsync(V1Call call)
    {
        var filters = Filters.Where(filter => call.Query(filter.V1) is not null).Select(filter => $"{filter.V2}={V1Call.Escape(call.Query(filter.V1)!)}").ToList();
        filters.Add("body-format=storage");
        var spaceIsMissing = false;
        if (call.Query("spaceKey") is { } key)
        {
            try
            {
                filters.Add($"space-id={(await call.Site.SpaceAsync(key)).Id}");
            }
            catch (V1Exception exception) when (exception.Status == 404)
            {
                // Where there is no space there are no tasks.
                spaceIsMissing = true;
            }
        }

        ListingSource[] sources = spaceIsMissing ? [] : [new(null, $"/tasks?{string.Join('&', filters)}")];
        var page = await new Listing(call, sources, () => V1Exception.NotFound("No such task")).ReadAsync(StandardLimit);
        var answer = page.Answer(await ShapesAsync(call, [.. page.Items.Select(item => item.V2)]));
        // The only list of v1 without links.
        answer.Remove("_links");
        return new V1Answer(200, answer);
    }

    /// <summary>Reads a task.</summary>
    public static async Task<V1Answer> ReadAsync(V1Call call)
    {
        var task = await call.V2.GetAsync($"/tasks/{call.Parameters[0]}?body-format=storage", () => NoTask(call));
        return new V1Answer(200, (await ShapesAsync(call, [task]))[0]);
    }

    /// <summary>Completes a task, or opens it again.</summary>
    public static async Task<V1Answer> UpdateAsync(V1Call call)
    {
        if (call.Object().Text("status") is not ("complete" or "incomplete"))
        {
            throw V1Exception.Invalid("status must be complete or incomplete");
        }

        var changed = await call.V2.ChangeAsync(HttpMethod.Put, $"/tasks/{call.Parameters[0]}", new JsonObject { ["status"] = call.Object().Text("status") }, () => NoTask(call));
        return await call.SettledAsync(ReadAsync(call), new V1Answer(200, Shape(changed as JsonObject ?? [], [])), "the title and the body could not be read");
    }

    private static V1Exception NoTask(V1Call call) => V1Exception.NotFound($"No inline task found with id : {call.Parameters[0]}");

    private static async Task<IReadOnlyList<JsonObject>> ShapesAsync(V1Call call, IReadOnlyList<JsonObject> tasks)
    {
        // v1 gives the title of what the task is on; v2 does not, so the pages and posts are read.
        var pages = tasks.Select(task => task.Text("pageId")).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var posts = tasks.Select(task => task.Text("blogPostId")).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var titles = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var content in (pages.Count > 0 ? await ContentReader.PagesAsync(call, pages) : []).Concat(await Task.WhenAll(posts.Select(id => ContentReader.ReadAsync(call, ContentKind.BlogPost, id)))))
        {
            titles[content.Id] = content.V2.Text("title");
        }

        return [.. tasks.Select(task => Shape(task, titles))];
    }

    private static JsonObject Shape(JsonObject task, Dictionary<string, string?> titles)
    {
        var contentId = task.Text("pageId") ?? task.Text("blogPostId");
        var shape = new JsonObject();
        Set("globalId", Whole(task.Text("id")));
        Set("id", Whole(task.Text("localId")));
        Set("contentId", Whole(contentId));
        shape.Copy("status", task);
        Set("title", contentId is null ? null : titles.GetValueOrDefault(contentId));
        Set("body", task.Text("body", "storage", "value"));
        shape.Copy("creator", task, "createdBy");
        shape.Copy("assignee", task, "assignedTo");
        shape.Copy("completeUser", task, "completedBy");
        Set("createDate", Milliseconds(task.Text("createdAt")));
        Set("dueDate", Milliseconds(task.Text("dueAt")));
        Set("updateDate", Milliseconds(task.Text("updatedAt")));
        Set("completeDate", Milliseconds(task.Text("completedAt")));
        return shape;

        void Set(string name, JsonNode? value)
        {
            if (value is not null)
            {
                shape[name] = value;
            }
        }
    }

    private static JsonNode? Whole(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static JsonNode? Milliseconds(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeMilliseconds() : null;
}
