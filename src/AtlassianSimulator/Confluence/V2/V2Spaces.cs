using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>Spaces.</summary>
internal static class V2Spaces
{
    private const string Read = "read:space:confluence";

    public static void Map(ConfluenceOperations operations)
    {
        operations.V2("GET", "/spaces", Read, List);
        operations.V2("GET", "/spaces/{id}", Read, call => Shape(call, Find(call, "id"), alone: true));
    }

    public static Space Find(ConfluenceCall call, string name) => call.Site.FindSpace(V2Query.Id(call, name)) ?? throw V2Exception.NotFound();

    private static ConfluenceAnswer List(ConfluenceCall call)
    {
        var ids = call.Queries("ids").Select(id => V2Query.Id(id, "ids")).ToHashSet();
        var keys = call.Queries("keys").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var labels = call.Queries("labels");
        var found = call.Site.Spaces.Where(space =>
            (ids.Count == 0 || ids.Contains(space.Id))
            && (keys.Count == 0 || keys.Contains(space.Key))
            && (labels.Count == 0 || space.Labels.Any(label => labels.Contains(label.Name)))
            && (call.Query("type") is not { } type || type == space.Type)
            && (call.Query("status") is not { } status || status == space.Status));
        return V2Paging.Page(call, Sorted(call, found), space => space.Id, space => Shape(call, space, alone: false));
    }

    private static IEnumerable<Space> Sorted(ConfluenceCall call, IEnumerable<Space> spaces)
    {
        var sort = call.Query("sort") ?? "id";
        var ascending = sort.TrimStart('-') switch
        {
            "id" => spaces.OrderBy(space => space.Id),
            "key" => spaces.OrderBy(space => space.Key, StringComparer.Ordinal),
            "name" => spaces.OrderBy(space => space.Name, StringComparer.Ordinal),
            _ => throw V2Exception.InvalidParameter("sort", sort, "one of id, key, name, each also with -"),
        };
        return sort[0] == '-' ? ascending.Reverse() : ascending;
    }

    private static JsonObject Shape(ConfluenceCall call, Space space, bool alone) => new()
    {
        ["id"] = V2Shapes.Text(space.Id),
        ["key"] = space.Key,
        ["name"] = space.Name,
        ["type"] = space.Type,
        ["status"] = space.Status,
        ["authorId"] = space.AuthorId,
        ["createdAt"] = Time(space.CreatedAt),
        ["homepageId"] = V2Shapes.Text(space.HomepageId),
        ["description"] = Description(call, space),
        ["icon"] = call.Query("include-icon") == "true"
            ? new JsonObject { ["path"] = "/images/logo/default-space-logo.svg", ["apiDownloadLink"] = null }
            : null,
        ["spaceOwnerId"] = space.AuthorId,
        ["currentActiveAlias"] = space.Key,
        ["_links"] = V2Shapes.Links(call, alone, new JsonObject { ["webui"] = $"/spaces/{space.Key}" }),
    };

    private static JsonObject? Description(ConfluenceCall call, Space space) => call.Query("description-format") switch
    {
        null => null,
        "plain" or "view" => new JsonObject
        {
            [call.Query("description-format")!] = new JsonObject { ["representation"] = call.Query("description-format"), ["value"] = space.Description },
        },
        var unknown => throw V2Exception.InvalidParameter("description-format", unknown, "one of plain, view"),
    };
}
