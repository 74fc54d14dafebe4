using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>What the caller may do with content and spaces; on the simulated sites, everything.</summary>
internal static class V2Operations
{
    private static readonly string[] OnPages =
        ["read", "update", "delete", "copy", "move", "archive", "export", "purge", "purge_version", "restore", "restrict_content"];

    private static readonly string[] OnBlogPosts =
        ["read", "update", "delete", "copy", "export", "purge", "purge_version", "restore", "restrict_content"];

    private static readonly string[] OnComments = ["read", "update", "delete"];

    private static readonly string[] OnAttachments = ["read", "update", "delete", "purge", "purge_version"];

    public static void Map(ConfluenceOperations operations)
    {
        MapFor(operations, "/pages", "read:page:confluence", call => V2Query.Content(call, "id", ContentKind.Page));
        MapFor(operations, "/blogposts", "read:page:confluence", call => V2Query.Content(call, "id", ContentKind.BlogPost));
        MapFor(operations, "/footer-comments", "read:comment:confluence", call => V2Query.Content(call, "id", ContentKind.FooterComment));
        MapFor(operations, "/inline-comments", "read:comment:confluence", call => V2Query.Content(call, "id", ContentKind.InlineComment));
        MapFor(operations, "/attachments", "read:attachment:confluence", call => V2Query.Attachment(call, "id"));
        operations.V2("GET", "/spaces/{id}/operations", "read:space:confluence", call =>
        {
            _ = V2Spaces.Find(call, "id");
            return Answer([.. Each(["read", "use"], "space"), .. CreateEach("page", "blogpost", "comment", "attachment")]);
        });
    }

    private static void MapFor(ConfluenceOperations operations, string path, string scope, Func<ConfluenceCall, Content> find) =>
        operations.V2("GET", $"{path}/{{id}}/operations", scope, call => Answer([.. On(find(call))]));

    private static IEnumerable<JsonNode> On(Content content) => content.Kind switch
    {
        ContentKind.Page => [.. Each(OnPages, "page"), .. CreateEach("comment", "attachment")],
        ContentKind.BlogPost => [.. Each(OnBlogPosts, "blogpost"), .. CreateEach("comment", "attachment")],
        ContentKind.Attachment => Each(OnAttachments, "attachment"),
        _ => Each(OnComments, "comment"),
    };

    private static IEnumerable<JsonNode> Each(string[] names, string target) => names.Select(name => Operation(name, target));

    private static IEnumerable<JsonNode> CreateEach(params string[] targets) => targets.Select(target => Operation("create", target));

    private static JsonObject Operation(string name, string target) => new JsonObject { ["operation"] = name, ["targetType"] = target };

    private static ConfluenceAnswer Answer(JsonNode[] operations) => new JsonObject { ["operations"] = new JsonArray(operations) };
}
