using System.Globalization;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's reads of spaces, which OAuth clients lost.</summary>
internal static class V1RemovedSpaces
{
    private const string ReadSpace = "read:confluence-space.summary";
    private const string ReadContent = "read:confluence-content.summary";

    public static void Map(ConfluenceOperations operations)
    {
        operations.RemovedV1("GET", "/space", ReadSpace, List);
        operations.RemovedV1("GET", "/space/{key}", ReadSpace, call => V1SpaceShape.Space(call, V1Query.Space(call, call.Route("key")), Expand.Of(call), alone: true));
        operations.RemovedV1("GET", "/space/{key}/content", ReadContent, AllContent);
        operations.RemovedV1("GET", "/space/{key}/content/{type}", ReadContent, call => Content(call, call.Route("type")));
    }

    private static ConfluenceAnswer List(ConfluenceCall call)
    {
        if (call.Query("status") is { } given and not ("current" or "archived"))
        {
            throw V1Exception.Invalid($"Unknown space status : {given}");
        }

        var (keys, ids, labels) = (call.Queries("spaceKey"), call.Queries("spaceId"), call.Queries("label"));
        var expand = Expand.Of(call);
        var found = call.Site.Spaces.Where(space =>
            (keys.Count == 0 || keys.Contains(space.Key, StringComparer.OrdinalIgnoreCase))
            && (ids.Count == 0 || ids.Contains(space.Id.ToString(CultureInfo.InvariantCulture)))
            && (labels.Count == 0 || space.Labels.Any(label => labels.Contains(label.Name)))
            && (call.Query("type") is not { } type || type == space.Type)
            && (call.Query("status") is not { } status || status == space.Status));
        return V1Paging.Page(call, found.OrderBy(space => space.Key, StringComparer.Ordinal), space => V1SpaceShape.Space(call, space, expand));
    }

    private static ConfluenceAnswer AllContent(ConfluenceCall call) => new JsonObject
    {
        ["page"] = Content(call, "page"),
        ["blogpost"] = Content(call, "blogpost"),
        ["_links"] = V1Paging.Links(call),
    };

    private static JsonObject Content(ConfluenceCall call, string type)
    {
        var space = V1Query.Space(call, call.Route("key"));
        var kind = V1Query.Kind(type) is { } known and (ContentKind.Page or ContentKind.BlogPost) ? known : throw V1Exception.Invalid($"Unknown content type : {type}");
        var found = call.Site.All.Where(content =>
            content.Kind == kind && content.SpaceId == space.Id && content.Status == "current"
            && (call.Query("depth") != "root" || content.ParentId is null));
        var expand = Expand.Of(call);
        return V1Paging.Page(call, found, content => V1Shapes.Content(call, content, expand));
    }
}
