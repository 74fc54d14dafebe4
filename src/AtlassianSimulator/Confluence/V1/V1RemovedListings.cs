using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's listings of what is below a piece of content, which OAuth clients lost; descendants stay.</summary>
internal static class V1RemovedListings
{
    private const string Read = "read:confluence-content.summary";

    private static readonly string[] Types = ["page", "attachment", "comment"];

    public static void Map(ConfluenceOperations operations)
    {
        operations.RemovedV1("GET", "/content/{id}/child", Read, call => Children(call, V1Query.Content(call), Expand.Of(call), alone: true));
        operations.RemovedV1("GET", "/content/{id}/child/{type}", Read, OfType);
        operations.V1("GET", "/content/{id}/descendant", Read, call => Children(call, V1Query.Content(call), Expand.Of(call), alone: true));
        operations.V1("GET", "/content/{id}/descendant/{type}", Read, Descendants);
    }

    public static JsonObject Children(ConfluenceCall call, Content content, Expand expand, bool alone = false)
    {
        var shape = new JsonObject();
        var expandable = new JsonObject();
        foreach (var type in Types)
        {
            var path = $"/rest/api/content/{content.PublicId}/child/{type}";
            if (!expand.Has(type))
            {
                expandable[type] = path;
                continue;
            }

            var below = Below(call, content, type).ToList();
            shape[type] = new JsonObject
            {
                ["results"] = new JsonArray([.. below.Take(25).Select(child => V1Shapes.Content(call, child, expand.Under(type)))]),
                ["start"] = 0,
                ["limit"] = 25,
                ["size"] = Math.Min(below.Count, 25),
                ["_links"] = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}{path}" },
            };
        }

        shape["_expandable"] = expandable;
        var links = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}/rest/api/content/{content.PublicId}/child" };
        shape["_links"] = alone ? V1Shapes.WithBase(call, links) : links;
        return shape;
    }

    private static ConfluenceAnswer OfType(ConfluenceCall call)
    {
        var (content, type) = (V1Query.Content(call), call.Route("type"));
        return type == "page" && content.Kind != ContentKind.Page
            ? throw V1Exception.Invalid($"A {V1Query.Type(content)} has no children of type page")
            : List(call, Below(call, content, type));
    }

    private static ConfluenceAnswer Descendants(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        return List(call, call.Route("type") switch
        {
            "page" => call.Site.All.Where(page => page is { Kind: ContentKind.Page, Status: "current" } && call.Site.Ancestors(page).Contains(content)),
            "comment" when content.IsComment => call.Site.All.Where(comment => comment.IsComment && call.Site.Ancestors(comment).Contains(content)),
            "comment" => call.Site.All.Where(comment => comment.IsComment && comment.ContainerId == content.Id),
            var type => Below(call, content, type),
        });
    }

    private static JsonObject List(ConfluenceCall call, IEnumerable<Content> below)
    {
        var (filename, mediaType) = (call.Query("filename"), call.Query("mediaType"));
        var expand = Expand.Of(call);
        var found = below.Where(child => (filename is null || child.Title == filename) && (mediaType is null || child.Latest.File?.MediaType == mediaType));
        return V1Paging.Page(call, found, child => V1Shapes.Content(call, child, expand));
    }

    private static string Location(Content comment) =>
        comment.Kind == ContentKind.FooterComment ? "footer" : comment.Resolved ? "resolved" : "inline";

    public static IEnumerable<Content> Below(ConfluenceCall call, Content content, string type) => type switch
    {
        "page" => call.Site.ChildPages(content.Id),
        "attachment" => call.Site.All.Where(child => child.Kind == ContentKind.Attachment && child.ContainerId == content.Id && child.Status == "current"),
        "comment" when content.IsComment => call.Site.All.Where(child => child.IsComment
            && (child.ParentId == content.Id || (call.Query("depth") == "all" && call.Site.Ancestors(child).Contains(content)))),
        "comment" => call.Site.All.Where(child => child.IsComment && child.ContainerId == content.Id
            && (call.Query("depth") == "all" || child.ParentId is null)
            && (call.Queries("location") is { Count: 0 } || call.Queries("location").Contains(Location(child)))),
        _ => throw V1Exception.Invalid($"Unknown content type : {type}"),
    };
}
