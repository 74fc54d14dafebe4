using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The properties of content and of spaces: <c>content/{id}/property</c> and <c>space/{key}/property</c>.</summary>
internal static class PropertyOperations
{
    private const int StandardLimit = 10;
    private const int LongestKey = 255;

    /// <summary>Lists those of content.</summary>
    public static Task<V1Answer> ListOfContentAsync(V1Call call) => OfContentAsync(call, (properties, shape) => ListAsync(call, properties, call.Queries("key"), shape));

    /// <summary>Makes one of content.</summary>
    public static Task<V1Answer> CreateOfContentAsync(V1Call call) => OfContentAsync(call, (properties, shape) => CreateAsync(call, properties, shape));

    /// <summary>Reads one of content.</summary>
    public static Task<V1Answer> ReadOfContentAsync(V1Call call) => OfContentAsync(call, (properties, shape) => ReadAsync(call, properties, shape));

    /// <summary>Changes one of content; version 1 makes it when there is none.</summary>
    public static Task<V1Answer> UpdateOfContentAsync(V1Call call) => OfContentAsync(call, (properties, shape) => UpdateAsync(call, properties, shape, mayCreate: true));

    /// <summary>Removes one of content.</summary>
    public static Task<V1Answer> DeleteOfContentAsync(V1Call call) => OfContentAsync(call, (properties, _) => DeleteAsync(call, properties));

    /// <summary>Lists those of a space.</summary>
    public static Task<V1Answer> ListOfSpaceAsync(V1Call call) => OfSpaceAsync(call, (properties, shape) => ListAsync(call, properties, [], shape));

    /// <summary>Makes one of a space.</summary>
    public static Task<V1Answer> CreateOfSpaceAsync(V1Call call) => OfSpaceAsync(call, (properties, shape) => CreateAsync(call, properties, shape));

    /// <summary>Reads one of a space.</summary>
    public static Task<V1Answer> ReadOfSpaceAsync(V1Call call) => OfSpaceAsync(call, (properties, shape) => ReadAsync(call, properties, shape));

    /// <summary>Changes one of a space.</summary>
    public static Task<V1Answer> UpdateOfSpaceAsync(V1Call call) => OfSpaceAsync(call, (properties, shape) => UpdateAsync(call, properties, shape, mayCreate: false));

    /// <summary>Removes one of a space.</summary>
    public static Task<V1Answer> DeleteOfSpaceAsync(V1Call call) => OfSpaceAsync(call, (properties, _) => DeleteAsync(call, properties));

    private static Task<V1Answer> OfContentAsync(V1Call call, Func<Properties, Func<JsonObject, Task<JsonObject>>, Task<V1Answer>> work)
    {
        var id = call.Parameters[0];
        return ContentReader.WithKindAsync(call, id, kind => work(Properties.OfContent(kind, id), ShapeAsync));

        async Task<JsonObject> ShapeAsync(JsonObject property)
        {
            var expand = call.Expand("version");
            var shape = PropertyShape.OfContent(call, id, property, expand);
            if (expand.Has("content") && await call.SettledAsync(ContentAsync(expand.Under("content")), null, "'content' could not be read") is { } content)
            {
                shape["content"] = content;
                shape["_expandable"]!.AsObject().Remove("content");
            }

            return shape;
        }

        async Task<JsonObject?> ContentAsync(Expansion expand) => (await ContentShape.ManyAsync(call, [await ContentReader.ReadAsync(call, id)], expand))[0];
    }

    private static async Task<V1Answer> OfSpaceAsync(V1Call call, Func<Properties, Func<JsonObject, Task<JsonObject>>, Task<V1Answer>> work)
    {
        var space = await call.Site.SpaceAsync(call.Parameters[0]);
        var expand = call.Expand("version");
        return await work(Properties.OfSpace(space), property => PropertyShape.OfSpaceAsync(call, space, property, expand));
    }

    private static async Task<V1Answer> ListAsync(V1Call call, Properties properties, IReadOnlyList<string> keys, Func<JsonObject, Task<JsonObject>> shape)
    {
        if (keys.Count > 1)
        {
            throw V1Exception.Impossible("v2 lists properties by one key at a time", $"Ask GET /wiki/api/v2{properties.V2Path}?key= for each.");
        }

        var listing = new Listing(call, [new ListingSource(null, properties.V2Path + (keys.Count == 0 ? "" : $"?key={V1Call.Escape(keys[0])}"))], properties.NoOwner);
        var page = await listing.ReadAsync(StandardLimit);
        return new V1Answer(200, page.Answer(await Task.WhenAll(page.Items.Select(item => shape(item.V2)))));
    }

    private static async Task<V1Answer> ReadAsync(V1Call call, Properties properties, Func<JsonObject, Task<JsonObject>> shape) =>
        new(200, await shape(await properties.FindAsync(call, call.Parameters[1]) ?? throw Properties.NoProperty(call.Parameters[1])));

    private static async Task<V1Answer> CreateAsync(V1Call call, Properties properties, Func<JsonObject, Task<JsonObject>> shape)
    {
        var body = call.Object();
        return new V1Answer(200, await shape(await properties.CreateAsync(call, Key(call, body), Value(body))));
    }

    private static async Task<V1Answer> UpdateAsync(V1Call call, Properties properties, Func<JsonObject, Task<JsonObject>> shape, bool mayCreate)
    {
        var (body, key) = (call.Object(), call.Parameters[1]);
        var number = body.Number("version", "number") ?? throw V1Exception.Invalid("version.number is required");
        if (body.Text("key") is { } other && other != key)
        {
            throw V1Exception.Invalid($"The key of the body, {other}, is not the key of the path, {key}");
        }

        var value = Value(body);
        if (await properties.FindAsync(call, key) is { } found)
        {
            return new V1Answer(200, await shape(await properties.UpdateAsync(call, found, value, number, body.Text("version", "message"))));
        }

        return number == 1 && mayCreate ? new V1Answer(200, await shape(await properties.CreateAsync(call, key, value))) : throw Properties.NoProperty(key);
    }

    private static async Task<V1Answer> DeleteAsync(V1Call call, Properties properties)
    {
        await properties.DeleteAsync(call, await properties.FindAsync(call, call.Parameters[1]) ?? throw Properties.NoProperty(call.Parameters[1]));
        return V1Answer.NoContent;
    }

    private static string Key(V1Call call, JsonObject body) =>
        (call.Parameters.Count > 1 ? call.Parameters[1] : body.Text("key")) switch
        {
            null or "" => throw V1Exception.Invalid("key is required"),
            { Length: > LongestKey } => throw V1Exception.Invalid($"key must have at most {LongestKey} characters"),
            var key => key,
        };

    private static JsonNode? Value(JsonObject body) => body.ContainsKey("value") ? body["value"] : throw V1Exception.Invalid("value is required");
}
