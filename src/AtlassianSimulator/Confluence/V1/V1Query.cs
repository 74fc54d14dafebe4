using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>Finds what a v1 request speaks of, and reads its body.</summary>
internal static class V1Query
{
    /// <summary>The content the path names; a draft only where the request asks for one.</summary>
    public static Content Content(ConfluenceCall call) =>
        call.Site.Find(call.Route("id")) is { Status: "draft" } draft && (call.Queries("status").Contains("draft") || call.Queries("status").Contains("any"))
            ? draft
            : Content(call, call.Route("id"));

    public static Content Content(ConfluenceCall call, string id) =>
        call.Site.Find(id) is { } content && content.Status is not ("trashed" or "draft") ? content : throw NoContent(id);

    public static Content Draft(ConfluenceCall call, string id) => call.Site.Find(id) is { Status: "draft" } draft ? draft : throw NoContent(id);

    public static V1Exception NoContent(string id) => V1Exception.NotFound($"No content found with id: ContentId{{id={id}}}");

    public static Space Space(ConfluenceCall call, string key) =>
        call.Site.FindSpace(key) ?? throw V1Exception.NotFound($"No space with key : {key}");

    /// <summary>The statuses asked for; none when the request says nothing.</summary>
    public static IReadOnlyList<string> Statuses(ConfluenceCall call) =>
        call.Queries("status") is var asked && asked.FirstOrDefault(status => status is not ("current" or "trashed" or "deleted" or "historical" or "draft" or "archived" or "any")) is { } unknown
            ? throw V1Exception.Invalid($"{unknown} is not a status of content")
            : asked;

    public static JsonObject Body(ConfluenceCall call) =>
        call.Body as JsonObject ?? throw V1Exception.Invalid("Could not read the request body as JSON");

    /// <summary>The text at the end of the path; null when something on the way is missing or of another kind.</summary>
    public static string? Text(JsonNode? from, params string[] path)
    {
        foreach (var name in path)
        {
            from = (from as JsonObject)?[name];
        }

        return from is JsonValue text ? text.ToString() : null;
    }

    public static string Required(string? value, string name) =>
        value is { Length: > 0 } given ? given : throw V1Exception.Invalid($"{name} is required");

    public static ContentKind? Kind(string? type) => type switch
    {
        "page" => ContentKind.Page,
        "blogpost" => ContentKind.BlogPost,
        "attachment" => ContentKind.Attachment,
        "comment" => ContentKind.FooterComment,
        _ => null,
    };

    public static string Type(Content content) => content.Kind switch
    {
        ContentKind.Page => "page",
        ContentKind.BlogPost => "blogpost",
        ContentKind.Attachment => "attachment",
        _ => "comment",
    };
}
