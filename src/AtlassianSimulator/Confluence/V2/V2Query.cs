using System.Globalization;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>Reads v2's parameters and request bodies, and complains in its words.</summary>
internal static class V2Query
{
    public static long Id(ConfluenceCall call, string name) => Id(call.Route(name), name);

    public static long Id(string text, string name) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw V2Exception.InvalidParameter(name, text, "long");

    /// <summary>An attachment's id, with or without its prefix.</summary>
    public static Content Attachment(ConfluenceCall call, string name) =>
        call.Site.Find(call.Route(name)) is { Kind: ContentKind.Attachment } attachment ? attachment : throw V2Exception.NotFound();

    /// <summary>The content of that kind; trashed content is still found, as in life.</summary>
    public static Content Content(ConfluenceCall call, string name, params ContentKind[] kinds) =>
        call.Site.Find(Id(call, name)) is { } content && kinds.Contains(content.Kind) ? content : throw V2Exception.NotFound();

    /// <summary>The version that <c>version</c> asks for; null when that is the latest, or none is asked for.</summary>
    public static ContentVersion? AskedVersion(ConfluenceCall call, Content content)
    {
        if (call.Query("version") is not { } text || Id(text, "version") is var number && number == content.Latest.Number)
        {
            return null;
        }

        return content.Versions.FirstOrDefault(version => version.Number == number) ?? throw V2Exception.NotFound();
    }

    public static IEnumerable<Content> WithStatus(ConfluenceCall call, IEnumerable<Content> content, params string[] standard)
    {
        var wanted = call.Queries("status");
        if (wanted.FirstOrDefault(status => status is not ("current" or "archived" or "deleted" or "trashed" or "draft")) is { } unknown)
        {
            throw V2Exception.InvalidParameter("status", unknown, "one of current, archived, deleted, trashed");
        }

        var statuses = wanted.Count > 0 ? wanted : standard;
        return content.Where(item => statuses.Contains(item.Status));
    }

    /// <summary>Sorts by id unless <c>sort</c> names one of the allowed orders.</summary>
    public static IEnumerable<Content> Sorted(ConfluenceCall call, IEnumerable<Content> content, params string[] allowed)
    {
        var sort = call.Query("sort");
        if (sort is null)
        {
            return content.OrderBy(item => item.Id);
        }

        var order = sort.TrimStart('-');
        if (!allowed.Contains(order))
        {
            throw V2Exception.InvalidParameter("sort", sort, $"one of {string.Join(", ", allowed)}, each also with -");
        }

        var ascending = order switch
        {
            "created-date" => content.OrderBy(item => item.First.CreatedAt).ThenBy(item => item.Id),
            "modified-date" => content.OrderBy(item => item.Latest.CreatedAt).ThenBy(item => item.Id),
            "title" => content.OrderBy(item => item.Title, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Id),
            "child-position" => content.OrderBy(item => item.Position).ThenBy(item => item.Id),
            _ => content.OrderBy(item => item.Id),
        };
        return sort[0] == '-' ? ascending.Reverse() : ascending;
    }

    public static JsonObject Body(ConfluenceCall call) =>
        call.Body as JsonObject ?? throw V2Exception.Invalid("The request body is missing or is not JSON");

    public static string? Text(JsonObject body, string name) => body[name] switch
    {
        null => null,
        JsonValue value => value.ToString(),
        _ => throw V2Exception.Invalid($"'{name}' must be a string"),
    };

    public static string Required(JsonObject body, string name) =>
        Text(body, name) is { Length: > 0 } value ? value : throw V2Exception.Invalid($"'{name}' is required");

    /// <summary>The storage format of a body that was sent flat or by representation; null when there is none.</summary>
    public static string? Storage(JsonObject body)
    {
        if (body["body"] is not JsonObject sent)
        {
            return body["body"] is null ? null : throw V2Exception.Invalid("'body' must be an object");
        }

        var flat = sent.ContainsKey("value") ? sent : sent.Select(member => member.Value).OfType<JsonObject>().FirstOrDefault();
        if (flat is null || Text(flat, "value") is not { } value)
        {
            throw V2Exception.Invalid("'body' must have a value");
        }

        var representation = Text(flat, "representation") ?? "storage";
        return representation is "storage" or "atlas_doc_format" or "wiki"
            ? StorageFormat.FromRepresentation(value, representation) ?? throw V2Exception.Invalid($"'body' is not written in {representation}")
            : throw V2Exception.Invalid($"'{representation}' is not a representation that can be written");
    }

    /// <summary>The next version's number and message; it must be exactly one more than the current.</summary>
    public static (int Number, string Message) NextVersion(JsonObject body, int current)
    {
        if (body["version"] is not JsonObject version || version["number"] is not JsonValue given || !int.TryParse(given.ToString(), out var number))
        {
            throw V2Exception.Invalid("'version.number' is required");
        }

        return number == current + 1
            ? (number, Text(version, "message") ?? "")
            : throw V2Exception.Conflict($"Version must be incremented on update. Current version is: {current}");
    }
}
