using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>What a v1 request says that content shall be.</summary>
internal static class V1SentContent
{
    /// <summary>The body in storage format; null when none was sent.</summary>
    public static string? Storage(JsonObject body)
    {
        if ((body["body"] as JsonObject)?.FirstOrDefault() is not { Key: { } representation, Value: JsonObject sent } || V1Query.Text(sent, "value") is not { } value)
        {
            return null;
        }

        return representation is "storage" or "editor" or "view" or "wiki" or "atlas_doc_format"
            ? StorageFormat.FromRepresentation(value, representation) ?? throw V1Exception.Invalid($"Error parsing the {representation} body")
            : throw V1Exception.Invalid($"Content cannot be written in the representation : {representation}");
    }

    /// <summary>The last of the ancestors; for a comment that is the one answered.</summary>
    public static Content? Parent(ConfluenceCall call, JsonObject body) =>
        (body["ancestors"] as JsonArray)?.LastOrDefault() is JsonObject parent && V1Query.Text(parent, "id") is { } id ? V1Query.Content(call, id) : null;

    public static void TitleMustBeFree(ConfluenceCall call, ContentKind kind, long spaceId, string title, Content? except = null)
    {
        if (call.Site.TitleIsTaken(kind, spaceId, title, except))
        {
            throw V1Exception.Invalid("A page already exists with the same TITLE in this space");
        }
    }

    /// <summary>Takes over the labels and properties that came as metadata.</summary>
    public static void TakeMetadata(ConfluenceCall call, Content content, JsonObject body, bool replaceLabels)
    {
        var metadata = body["metadata"] as JsonObject;
        if ((metadata?["labels"] as JsonArray ?? (metadata?["labels"] as JsonObject)?["results"] as JsonArray) is { } labels)
        {
            TakeLabels(call, content, labels, replaceLabels);
        }

        foreach (var (key, sent) in (metadata?["properties"] as JsonObject) ?? [])
        {
            if (sent is JsonObject property && property.ContainsKey("value"))
            {
                TakeProperty(call, content, key, property);
            }
        }
    }

    private static void TakeLabels(ConfluenceCall call, Content content, JsonArray labels, bool replace)
    {
        if (replace)
        {
            content.Labels.Clear();
        }

        foreach (var name in labels.Select(label => V1Query.Text(label, "name")?.ToLowerInvariant()))
        {
            if (name is { Length: > 0 } && content.Labels.All(label => label.Name != name))
            {
                content.Labels.Add(call.Site.Label(name));
            }
        }
    }

    private static void TakeProperty(ConfluenceCall call, Content content, string key, JsonObject sent)
    {
        var value = V1RemovedProperties.Value(sent);
        if (content.Properties.FirstOrDefault(property => property.Key == key) is not { } existing)
        {
            content.Properties.Add(call.Site.NewProperty(V1RemovedProperties.Key(key), value, call.Caller.AccountId));
        }
        else if (!JsonNode.DeepEquals(existing.Value, value))
        {
            existing.Change(value, call.Caller.AccountId, call.Site.Now);
        }
    }
}
