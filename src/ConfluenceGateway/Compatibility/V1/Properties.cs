using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The properties of some content or space: v1 knows them by key, v2 by an id that it gives them.</summary>
/// <param name="V2Path">Where v2 has them.</param>
/// <param name="NoOwner">What v1 says when what they belong to is not there.</param>
/// <param name="Taken">What v1 says when the key is taken: of content 400, of spaces 409.</param>
internal sealed record Properties(string V2Path, Func<V1Exception> NoOwner, Func<string, V1Exception> Taken)
{
    /// <summary>The properties of content.</summary>
    public static Properties OfContent(ContentKind kind, string id) =>
        new($"{kind.PropertyPath()}/{id}/properties", () => V1Exception.NoContent(id), V1Exception.Invalid);

    /// <summary>The properties of a space.</summary>
    public static Properties OfSpace(SpaceSummary space) =>
        new($"/spaces/{space.Id}/properties", () => SiteKnowledge.NoSpace(space.Key), V1Exception.Conflict);

    /// <summary>There is no such property, as v1 says it.</summary>
    public static V1Exception NoProperty(string key) => V1Exception.NotFound($"No property found with key : {key}");

    /// <summary>All of them.</summary>
    public async Task<IReadOnlyList<JsonObject>> AllAsync(V1Call call)
    {
        var all = new List<JsonObject>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await call.V2.GetAsync($"{V2Path}?limit=250{cursor}", NoOwner);
            all.AddRange(page.Objects("results"));
            cursor = Listing.CursorOf(page.Text("_links", "next")) is { } next ? $"&cursor={V1Call.Escape(next)}" : null;
        }

        return all;
    }

    /// <summary>The one with this key; null when there is none.</summary>
    public async Task<JsonObject?> FindAsync(V1Call call, string key) =>
        (await call.V2.GetAsync($"{V2Path}?key={V1Call.Escape(key)}&limit=1", NoOwner)).Objects("results").FirstOrDefault(property => property.Text("key") == key);

    /// <summary>Makes one.</summary>
    public async Task<JsonObject> CreateAsync(V1Call call, string key, JsonNode? value)
    {
        try
        {
            return Changed(await call.V2.ChangeAsync(HttpMethod.Post, V2Path, new JsonObject { ["key"] = key, ["value"] = value?.DeepClone() }, NoOwner));
        }
        catch (V1Exception exception) when (exception.Status == 409)
        {
            throw Taken($"A property with the key {key} already exists");
        }
    }

    /// <summary>Gives one another value.</summary>
    public async Task<JsonObject> UpdateAsync(V1Call call, JsonObject property, JsonNode? value, int version, string? message)
    {
        var next = new JsonObject { ["number"] = version };
        if (message is not null)
        {
            next["message"] = message;
        }

        var key = property.Text("key")!;
        return Changed(await call.V2.ChangeAsync(
            HttpMethod.Put, $"{V2Path}/{property.Text("id")}", new JsonObject { ["key"] = key, ["value"] = value?.DeepClone(), ["version"] = next }, () => NoProperty(key)));
    }

    /// <summary>Removes one.</summary>
    public Task DeleteAsync(V1Call call, JsonObject property) =>
        call.V2.ChangeAsync(HttpMethod.Delete, $"{V2Path}/{property.Text("id")}", null, () => NoProperty(property.Text("key")!));

    private static JsonObject Changed(JsonNode? answer) => answer as JsonObject ?? throw V1Exception.NotJson();
}
