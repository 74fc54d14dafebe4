using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>Tells the types of content whose ids alone are known.</summary>
internal static class V2ContentTypes
{
    private const int Most = 100;

    public static void Map(ConfluenceOperations operations) =>
        operations.V2("POST", "/content/convert-ids-to-types", "read:content.metadata:confluence", Convert);

    private static ConfluenceAnswer Convert(ConfluenceCall call)
    {
        if (V2Query.Body(call)["contentIds"] is not JsonArray ids)
        {
            throw V2Exception.Invalid("'contentIds' is required");
        }

        if (ids.Count > Most)
        {
            throw V2Exception.Invalid($"'contentIds' may hold {Most} ids at most");
        }

        var types = new JsonObject();
        foreach (var sent in ids)
        {
            var id = sent is JsonValue value ? value.ToString() : throw V2Exception.Invalid("'contentIds' must hold strings or numbers");
            types[id] = call.Site.Find(id) is { } content ? Type(content.Kind) : null;
        }

        return new JsonObject { ["results"] = types };
    }

    private static string Type(ContentKind kind) => kind switch
    {
        ContentKind.Page => "page",
        ContentKind.BlogPost => "blogpost",
        ContentKind.Attachment => "attachment",
        ContentKind.InlineComment => "inline-comment",
        _ => "footer-comment",
    };
}
