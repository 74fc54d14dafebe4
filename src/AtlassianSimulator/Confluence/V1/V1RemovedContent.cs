namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's create, read, update and delete of content, which OAuth clients lost.</summary>
internal static class V1RemovedContent
{
    private const string Read = "read:confluence-content.summary";
    private const string Write = "write:confluence-content";

    public static void Map(ConfluenceOperations operations)
    {
        operations.RemovedV1("GET", "/content", Read, V1ContentList.Answer);
        operations.RemovedV1("POST", "/content", Write, V1ContentCreation.Create);
        operations.RemovedV1("GET", "/content/{id}", Read, Get);
        operations.RemovedV1("PUT", "/content/{id}", Write, V1ContentUpdate.Update);
        operations.RemovedV1("DELETE", "/content/{id}", Write, Delete);
        operations.RemovedV1("GET", "/content/{id}/history", Read, History);
    }

    private static ConfluenceAnswer Get(ConfluenceCall call)
    {
        var statuses = V1Query.Statuses(call);
        var content = call.Site.Find(call.Route("id")) is { } found && IsAskedFor(found, statuses) ? found : throw V1Query.NoContent(call.Route("id"));
        var number = V1Paging.Number(call, "version", content.Latest.Number);
        var version = number == content.Latest.Number
            ? null
            : content.Versions.FirstOrDefault(version => version.Number == number) ?? throw V1Query.NoContent(content.PublicId);
        return V1Shapes.Content(call, content, Expand.Of(call, "space", "history", "version"), version, alone: true);
    }

    // An old version is one of current content, so that historical finds what is current.
    private static bool IsAskedFor(Content content, IReadOnlyList<string> statuses) => statuses.Count == 0
        ? content.Status is not ("trashed" or "draft")
        : statuses.Contains("any") || statuses.Contains(content.Status) || (statuses.Contains("historical") && content.Status == "current");

    private static ConfluenceAnswer Delete(ConfluenceCall call)
    {
        if (call.Query("status") is "trashed" or "draft" && call.Site.Find(call.Route("id")) is { } content && content.Status == call.Query("status"))
        {
            call.Site.Purge(content);
            return ConfluenceAnswer.NoContent;
        }

        content = V1Query.Content(call);
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

    private static ConfluenceAnswer History(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        return V1History.Shape(call, content, content.Latest, Expand.Of(call), alone: true);
    }
}
