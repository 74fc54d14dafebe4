using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>What is below a page and above it.</summary>
internal static class V2PageTree
{
    public static void Map(ConfluenceOperations operations)
    {
        operations.V2("GET", "/pages/{id}/children", "read:page:confluence", Children);
        operations.V2("GET", "/pages/{id}/ancestors", "read:content.metadata:confluence", Ancestors);
    }

    private static ConfluenceAnswer Children(ConfluenceCall call)
    {
        var page = V2Query.Content(call, "id", ContentKind.Page);
        var sorted = call.Query("sort") is null
            ? call.Site.ChildPages(page.Id)
            : V2Query.Sorted(call, call.Site.ChildPages(page.Id), "id", "created-date", "modified-date", "child-position");
        return V2Paging.Page(call, sorted, child => child.Id, child => new JsonObject
        {
            ["id"] = child.PublicId,
            ["status"] = child.Status,
            ["title"] = child.Title,
            ["spaceId"] = V2Shapes.Text(child.SpaceId),
            ["childPosition"] = child.Position,
        });
    }

    private static ConfluenceAnswer Ancestors(ConfluenceCall call)
    {
        // The nearest ones, given from the top down.
        var ancestors = call.Site.Ancestors(V2Query.Content(call, "id", ContentKind.Page)).TakeLast(V2Paging.Limit(call, 25));
        return new JsonObject
        {
            ["results"] = new JsonArray([.. ancestors.Select(page => new JsonObject { ["id"] = page.PublicId, ["type"] = "page" })]),
            ["_links"] = new JsonObject { ["base"] = call.Site.Site.WikiBase },
        };
    }
}
