using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.Confluence;

/// <summary>Renders the storage format in the other representations, as far as a simulator needs.</summary>
internal static partial class StorageFormat
{
    public static string PlainText(string storage) => WebUtility.HtmlDecode(Tag().Replace(storage, " ")).Trim();

    /// <summary>The body in that representation; null when there is no such one.</summary>
    public static string? Render(string storage, string representation) => representation switch
    {
        "storage" or "view" or "export_view" or "styled_view" or "anonymous_export_view" or "editor" => storage,
        "atlas_doc_format" => AtlassianDocument(storage).ToJsonString(),
        _ => null,
    };

    /// <summary>What is kept of a body that was sent; Atlassian documents are kept as their text. Null when it is not what it says.</summary>
    public static string? FromRepresentation(string value, string representation)
    {
        if (representation == "wiki")
        {
            return $"<p>{WebUtility.HtmlEncode(value)}</p>";
        }

        if (representation != "atlas_doc_format")
        {
            return value;
        }

        var texts = new List<string>();
        try
        {
            CollectText(JsonNode.Parse(value, documentOptions: Json.Strict), texts);
        }
        catch (JsonException)
        {
            return null;
        }

        return string.Concat(texts.Select(text => $"<p>{WebUtility.HtmlEncode(text)}</p>"));
    }

    private static JsonObject AtlassianDocument(string storage) => new()
    {
        ["type"] = "doc",
        ["version"] = 1,
        ["content"] = new JsonArray(new JsonObject
        {
            ["type"] = "paragraph",
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = PlainText(storage) }),
        }),
    };

    private static void CollectText(JsonNode? node, List<string> texts)
    {
        switch (node)
        {
            case JsonObject element when element["text"] is JsonValue text:
                texts.Add(text.ToString());
                break;
            case JsonObject element:
                CollectText(element["content"], texts);
                break;
            case JsonArray elements:
                foreach (var element in elements)
                {
                    CollectText(element, texts);
                }

                break;
        }
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
