using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's properties of content and of spaces, which OAuth clients lost.</summary>
internal static class V1RemovedProperties
{
    private const string Read = "read:confluence-props";
    private const string Write = "write:confluence-props";
    private const int StandardLimit = 10;

    public static void Map(ConfluenceOperations operations)
    {
        Map(operations, "/content/{id}/property", call =>
        {
            var content = V1Query.Content(call);
            return new Owner(
                content.Properties, MayCreateByUpdate: true, (property, expand) => V1PropertyShape.OfContent(call, content, property, expand), V1Exception.Invalid);
        });
        Map(operations, "/space/{id}/property", call =>
        {
            var space = V1Query.Space(call, call.Route("id"));
            return new Owner(
                space.Properties, MayCreateByUpdate: false, (property, expand) => V1PropertyShape.OfSpace(call, space, property, expand), V1Exception.Conflict);
        });
    }

    private static void Map(ConfluenceOperations operations, string path, Func<ConfluenceCall, Owner> find)
    {
        var one = $"{path}/{{key}}";
        operations.RemovedV1("GET", path, Read, call => List(call, find(call)));
        operations.RemovedV1("POST", path, Write, call => Create(call, find(call), key: null));
        operations.RemovedV1("GET", one, Read, call => Get(call, find(call)));
        operations.RemovedV1("POST", one, Write, call => Create(call, find(call), call.Route("key")));
        operations.RemovedV1("PUT", one, Write, call => Update(call, find(call)));
        operations.RemovedV1("DELETE", one, Write, call => Delete(call, find(call)));
    }

    private static ConfluenceAnswer List(ConfluenceCall call, Owner owner)
    {
        var (keys, expand) = (call.Queries("key"), Expand.Of(call, "version"));
        return V1Paging.Page(
            call, owner.Properties.Where(property => keys.Count == 0 || keys.Contains(property.Key)), property => owner.Shape(property, expand), StandardLimit);
    }

    private static ConfluenceAnswer Get(ConfluenceCall call, Owner owner) => owner.Shape(Find(call, owner), Expand.Of(call, "version"));

    private static ConfluenceAnswer Create(ConfluenceCall call, Owner owner, string? key)
    {
        var body = V1Query.Body(call);
        key ??= V1Query.Required(V1Query.Text(body, "key"), "key");
        if (owner.Properties.Any(property => property.Key == key))
        {
            throw owner.Taken($"A property with the key {key} already exists");
        }

        var property = call.Site.NewProperty(Key(key), Value(body), call.Caller.AccountId);
        owner.Properties.Add(property);
        return owner.Shape(property, null);
    }

    private static ConfluenceAnswer Update(ConfluenceCall call, Owner owner)
    {
        var body = V1Query.Body(call);
        if (!int.TryParse(V1Query.Text(body, "version", "number"), out var number))
        {
            throw V1Exception.Invalid("version.number is required");
        }

        if (V1Query.Text(body, "key") is { } key && key != call.Route("key"))
        {
            throw V1Exception.Invalid("The key of a property cannot be changed");
        }

        if (owner.MayCreateByUpdate && number == 1 && owner.Properties.All(property => property.Key != call.Route("key")))
        {
            return Create(call, owner, call.Route("key"));
        }

        var property = Find(call, owner);
        var value = Value(body);
        if (number != property.Version.Number + 1)
        {
            throw V1Exception.Conflict($"Version must be incremented on update. Current version is: {property.Version.Number}");
        }

        property.Change(value, call.Caller.AccountId, call.Site.Now);
        return owner.Shape(property, null);
    }

    private static ConfluenceAnswer Delete(ConfluenceCall call, Owner owner)
    {
        owner.Properties.Remove(Find(call, owner));
        return ConfluenceAnswer.NoContent;
    }

    /// <summary>The key, if it may be one.</summary>
    public static string Key(string key) => key.Length <= PropertyLimits.LongestKey
        ? key
        : throw V1Exception.Invalid($"The key of a property may have {PropertyLimits.LongestKey} characters at most");

    /// <summary>The value that was sent, if there is one and it is not too long.</summary>
    public static JsonNode? Value(JsonObject body)
    {
        if (!body.TryGetPropertyValue("value", out var value))
        {
            throw V1Exception.Invalid("value is required");
        }

        return PropertyLimits.IsTooLarge(value) ? throw V1Exception.TooLarge("The value of the property is too long") : value;
    }

    private static ContentProperty Find(ConfluenceCall call, Owner owner) =>
        owner.Properties.FirstOrDefault(property => property.Key == call.Route("key"))
        ?? throw V1Exception.NotFound($"No property found with key : {call.Route("key")}");

    /// <summary>Content or a space, as far as its properties go.</summary>
    /// <param name="MayCreateByUpdate">Whether an update to version 1 makes what is not there.</param>
    /// <param name="Taken">How a key that exists is refused: the two differ.</param>
    private sealed record Owner(
        List<ContentProperty> Properties, bool MayCreateByUpdate, Func<ContentProperty, Expand?, JsonObject> Shape, Func<string, V1Exception> Taken);
}
