using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>
/// Labels and properties that a v1 write sends along with content. v2 takes them by calls of their own, so they come after it; what
/// could not be done then is told, since the content is there already.
/// </summary>
internal static class MetadataWriting
{
    /// <summary>Writes the metadata of content that was just written.</summary>
    public static async Task WriteAsync(V1Call call, ContentItem item, JsonObject sent)
    {
        if (sent.At("metadata", "labels") is { } labels)
        {
            await TryAsync(call, "'metadata.labels' were not added", () => AddLabelsAsync(call, item, labels));
        }

        foreach (var (key, property) in sent.At("metadata", "properties") as JsonObject ?? [])
        {
            if (property is JsonObject && key != "_expandable")
            {
                await TryAsync(call, $"'metadata.properties.{key}' was not written", () => SetPropertyAsync(call, item, key, property["value"]));
            }
        }
    }

    private static async Task AddLabelsAsync(V1Call call, ContentItem item, JsonNode labels)
    {
        // A list, or what v1 itself gives: an object with the list in it.
        var added = labels is JsonArray list ? list.OfType<JsonObject>().ToList() : [.. labels.Objects("results")];
        if (added.Count > 0)
        {
            await call.V2.ChangeKeptAsync(HttpMethod.Post, $"{item.Path}/label", new JsonArray([.. added.Select(label => (JsonNode)new JsonObject
            {
                ["prefix"] = label.Text("prefix") ?? "global",
                ["name"] = label.Text("name"),
            })]));
        }
    }

    private static async Task SetPropertyAsync(V1Call call, ContentItem item, string key, JsonNode? value)
    {
        var properties = Properties.OfContent(item.Kind, item.Id);
        if (await properties.FindAsync(call, key) is not { } known)
        {
            await properties.CreateAsync(call, key, value);
        }
        else if (!JsonNode.DeepEquals(known["value"], value))
        {
            await properties.UpdateAsync(call, known, value, (known.Number("version", "number") ?? 0) + 1, null);
        }
    }

    private static async Task TryAsync(V1Call call, string undone, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (V1Exception failure)
        {
            call.Undone.Enqueue($"{undone}: {failure.Message}");
        }
    }
}
