using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>Properties of pages, blog posts, comments, attachments and spaces.</summary>
internal static class V2Properties
{
    public static void Map(ConfluenceOperations operations)
    {
        MapFor(operations, "/pages", "page", call => V2Query.Content(call, "id", ContentKind.Page).Properties);
        MapFor(operations, "/blogposts", "page", call => V2Query.Content(call, "id", ContentKind.BlogPost).Properties);
        MapFor(operations, "/comments", "comment", call => V2Query.Content(call, "id", ContentKind.FooterComment, ContentKind.InlineComment).Properties);
        MapFor(operations, "/attachments", "attachment", call => V2Query.Attachment(call, "id").Properties);
        MapFor(operations, "/spaces", "space", call => V2Spaces.Find(call, "id").Properties, ofSpace: true);
    }

    private static void MapFor(
        ConfluenceOperations operations, string path, string scope, Func<ConfluenceCall, List<ContentProperty>> find, bool ofSpace = false)
    {
        var (read, write) = ($"read:{scope}:confluence", $"write:{scope}:confluence");
        var one = $"{path}/{{id}}/properties/{{property}}";
        operations.V2("GET", $"{path}/{{id}}/properties", read, call => List(call, find(call), ofSpace));
        operations.V2("POST", $"{path}/{{id}}/properties", write, call => Create(call, find(call), ofSpace));
        operations.V2("GET", one, read, call => Shape(Find(call, find(call)), ofSpace));
        operations.V2("PUT", one, write, call => Update(call, find(call), ofSpace));
        operations.V2("DELETE", one, write, call =>
        {
            var properties = find(call);
            properties.Remove(Find(call, properties));
            return ConfluenceAnswer.NoContent;
        });
    }

    private static ConfluenceAnswer List(ConfluenceCall call, List<ContentProperty> properties, bool ofSpace)
    {
        var key = call.Query("key");
        var found = properties.Where(property => key is null || property.Key == key);
        var sorted = call.Query("sort") switch
        {
            null => found.OrderBy(property => property.Id),
            "key" => found.OrderBy(property => property.Key, StringComparer.Ordinal),
            "-key" => found.OrderByDescending(property => property.Key, StringComparer.Ordinal),
            var unknown => throw V2Exception.InvalidParameter("sort", unknown, "one of key, -key"),
        };
        return V2Paging.Page(call, sorted, property => property.Id, property => Shape(property, ofSpace));
    }

    private static ConfluenceAnswer Create(ConfluenceCall call, List<ContentProperty> properties, bool ofSpace)
    {
        var body = V2Query.Body(call);
        var key = V2Query.Required(body, "key");
        if (properties.Any(property => property.Key == key))
        {
            throw V2Exception.Conflict($"A property with the key '{key}' already exists");
        }

        var property = call.Site.NewProperty(Key(key), Value(body), call.Caller.AccountId);
        properties.Add(property);
        return Shape(property, ofSpace);
    }

    private static ConfluenceAnswer Update(ConfluenceCall call, List<ContentProperty> properties, bool ofSpace)
    {
        var property = Find(call, properties);
        var body = V2Query.Body(call);
        var key = V2Query.Text(body, "key") ?? property.Key;
        var value = Value(body);
        var (_, message) = V2Query.NextVersion(body, property.Version.Number);
        property.Key = Key(key);
        property.Change(value, call.Caller.AccountId, call.Site.Now, message);
        return Shape(property, ofSpace);
    }

    private static string Key(string key) => key.Length is > 0 and <= PropertyLimits.LongestKey
        ? key
        : throw V2Exception.Invalid($"'key' must have between 1 and {PropertyLimits.LongestKey} characters");

    private static JsonNode? Value(JsonObject body)
    {
        if (!body.TryGetPropertyValue("value", out var value))
        {
            throw V2Exception.Invalid("'value' is required");
        }

        return PropertyLimits.IsTooLarge(value) ? throw V2Exception.TooLarge("The value of the property is too long") : value;
    }

    private static ContentProperty Find(ConfluenceCall call, List<ContentProperty> properties)
    {
        var id = V2Query.Id(call, "property");
        return properties.FirstOrDefault(property => property.Id == id) ?? throw V2Exception.NotFound();
    }

    private static JsonObject Shape(ContentProperty property, bool ofSpace)
    {
        var shape = new JsonObject { ["id"] = V2Shapes.Text(property.Id), ["key"] = property.Key, ["value"] = property.Value?.DeepClone() };
        if (!ofSpace)
        {
            shape["version"] = V2Shapes.Version(property.Version);
            return shape;
        }

        shape["createdAt"] = Time(property.CreatedAt);
        shape["createdBy"] = property.AuthorId;
        shape["version"] = new JsonObject
        {
            ["createdAt"] = Time(property.Version.CreatedAt),
            ["createdBy"] = property.Version.AuthorId,
            ["message"] = property.Version.Message,
            ["number"] = property.Version.Number,
        };
        return shape;
    }
}
