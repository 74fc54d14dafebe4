using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>What the body of a v1 write says of content, as v2 wants it.</summary>
internal static class WrittenContent
{
    // v1 takes 5 MB, and v2 too.
    private static readonly string[] Writable = ["storage", "atlas_doc_format", "wiki"];

    /// <summary>The body of the content; null when the caller sends none.</summary>
    /// <exception cref="V1Exception">It is none, or in a representation that v2 does not take.</exception>
    public static JsonObject? Body(JsonObject sent)
    {
        if (sent["body"] is null)
        {
            return null;
        }

        if (sent["body"] is not JsonObject body)
        {
            throw V1Exception.Invalid("body must be an object that names a representation, such as body.storage");
        }

        // The first that has a value, as v1 took it: clients send what they read, with "_expandable" beside it.
        foreach (var (name, value) in body)
        {
            if (value is JsonObject && value["value"] is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            {
                var representation = value.Text("representation") ?? name;
                return Writable.Contains(representation)
                    ? new JsonObject { ["representation"] = representation, ["value"] = text.GetValue<string>() }
                    : throw V1Exception.Impossible($"v2 does not take a body as '{representation}'", $"Send it as one of {string.Join(", ", Writable)}.");
            }
        }

        return body.Any(member => member.Key != "_expandable") ? throw V1Exception.Invalid("body has no value") : null;
    }

    /// <summary>The id of the parent: the last of <c>ancestors</c>. Null when the caller names none.</summary>
    public static string? Parent(JsonObject sent) =>
        sent["ancestors"] switch
        {
            null => null,
            JsonArray { Count: 0 } => null,
            JsonArray ancestors => ancestors[^1].Text("id") is { } id ? Id(id, "ancestors") : throw V1Exception.Invalid("ancestors must each have an id"),
            _ => throw V1Exception.Invalid("ancestors must be a list"),
        };

    /// <summary>An id that goes into an address of v2.</summary>
    /// <exception cref="V1Exception">It is none.</exception>
    public static string Id(string text, string name) =>
        V1Operations.IsContentId(text) ? text : throw V1Exception.Invalid($"{name} must be the id of content, not '{text}'");

    /// <summary>The kind of content that is written.</summary>
    /// <exception cref="V1Exception">v1 has no such type.</exception>
    public static string Type(JsonObject sent) => sent.Text("type") switch
    {
        null or "" => throw V1Exception.Invalid("type is required"),
        "page" or "blogpost" or "comment" or "attachment" => sent.Text("type")!,
        var unknown => throw V1Exception.Invalid($"Unknown content type : {unknown}"),
    };
}
