using System.Text.Json.Nodes;
using AtlassianSimulator.Confluence.V2;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's properties of content and of spaces, which OAuth clients lost.</summary>
internal static class V1RemovedProperties
{
    private const string Read = "read:confluence-props";
    private const string Write = "write:confluence-props";
    private const int StandardLimit = 10;

    public static void Map(ConfluenceOperations operations)
    {
        MapFor(operations, "/content/{id}/property", call => V1Query.Content(call).Properties);
        MapFor(operations, "/space/{id}/property", call => V1Query.Space(call, call.Route("id")).Properties);
    }

    private static void MapFor(ConfluenceOperations operations, string path, Func<ConfluenceCall, List<ContentProperty>> find)
    {
        var one = $"{path}/{{key}}";
        operations.RemovedV1("GET", path, Read, call => List(call, find(call)));
        operations.RemovedV1("POST", path, Write, call => Create(call, find(call), key: null));
        operations.RemovedV1("GET", one, Read, call => Shape(call, Find(call, find(call)), isOne: true));
        operations.RemovedV1("POST", one, Write, call => Create(call, find(call), call.Route("key")));
        operations.RemovedV1("PUT", one, Write, call => Update(call, find(call)));
        operations.RemovedV1("DELETE", one, Write, call =>
        {
            var properties = find(call);
            properties.Remove(Find(call, properties));
            return ConfluenceAnswer.NoContent;
        });
    }

    private static ConfluenceAnswer List(ConfluenceCall call, List<ContentProperty> properties)
    {
        var keys = call.Queries("key");
        return V1Paging.Page(
            call, properties.Where(property => keys.Count == 0 || keys.Contains(property.Key)), property => Shape(call, property, isOne: false), StandardLimit);
    }

    private static ConfluenceAnswer Create(ConfluenceCall call, List<ContentProperty> properties, string? key)
    {
        var body = V1Query.Body(call);
        key ??= V1Query.Required(V1Query.Text(body, "key"), "key");
        if (properties.Any(property => property.Key == key))
        {
            throw V1Exception.Conflict($"A property with the key {key} already exists");
        }

        var property = call.Site.NewProperty(key, body["value"], call.Caller.AccountId);
        properties.Add(property);
        return Shape(call, property, isOne: call.Route("key").Length > 0);
    }

    private static ConfluenceAnswer Update(ConfluenceCall call, List<ContentProperty> properties)
    {
        var property = Find(call, properties);
        var body = V1Query.Body(call);
        if (!int.TryParse(V1Query.Text(body, "version", "number"), out var number))
        {
            throw V1Exception.Invalid("version.number is required");
        }

        if (number != property.Version.Number + 1)
        {
            throw V1Exception.Conflict($"Version must be incremented on update. Current version is: {property.Version.Number}");
        }

        property.Value = body["value"]?.DeepClone();
        property.Version = new ContentVersion(number, call.Caller.AccountId, call.Site.Now, property.Key, "");
        return Shape(call, property, isOne: true);
    }

    private static ContentProperty Find(ConfluenceCall call, List<ContentProperty> properties) =>
        properties.FirstOrDefault(property => property.Key == call.Route("key"))
        ?? throw V1Exception.NotFound($"No property found with key : {call.Route("key")}");

    private static JsonObject Shape(ConfluenceCall call, ContentProperty property, bool isOne) => new()
    {
        ["id"] = V2Shapes.Text(property.Id),
        ["key"] = property.Key,
        ["value"] = property.Value?.DeepClone(),
        ["version"] = new JsonObject
        {
            ["when"] = Time(property.Version.CreatedAt),
            ["message"] = property.Version.Message,
            ["number"] = property.Version.Number,
            ["minorEdit"] = false,
            ["contentTypeModified"] = false,
        },
        ["_expandable"] = new JsonObject { ["content"] = $"/rest/api/content/{call.Route("id")}" },
        ["_links"] = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}{call.ApiPath}{(isOne ? "" : $"/{Uri.EscapeDataString(property.Key)}")}" },
    };
}
