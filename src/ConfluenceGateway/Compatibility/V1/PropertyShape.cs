using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Makes v1's JSON of properties.</summary>
internal static class PropertyShape
{
    /// <summary>v1's JSON of a property of content, with what is wanted of it.</summary>
    public static JsonObject OfContent(V1Call call, string contentId, JsonObject property, Expansion expand)
    {
        var shape = Base(call, $"/rest/api/content/{contentId}", property);
        var expandable = new JsonObject { ["content"] = $"/rest/api/content/{contentId}" };
        if (expand.Has("version"))
        {
            shape["version"] = Version(property);
        }
        else
        {
            expandable["version"] = "";
        }

        shape["_expandable"] = expandable;
        return shape;
    }

    /// <summary>v1's JSON of a property of a space, with what is wanted of it.</summary>
    public static async Task<JsonObject> OfSpaceAsync(V1Call call, SpaceSummary space, JsonObject property, Expansion expand)
    {
        var shape = Base(call, space.Path, property);
        var expandable = new JsonObject();
        if (expand.Has("version"))
        {
            var author = property.Text("version", "createdBy");
            var version = Version(property);
            if ((await call.SettledAsync(call.Site.UsersAsync([author]), Users.None, "the names of people could not be read"))[author] is { } by)
            {
                version["by"] = by;
            }

            shape["version"] = version;
        }
        else
        {
            expandable["version"] = "";
        }

        if (expand.Has("space") && await call.SettledAsync(SpaceAsync(call, space, expand.Under("space")), null, "'space' could not be read") is { } expanded)
        {
            shape["space"] = expanded;
        }
        else
        {
            expandable["space"] = space.Path;
        }

        shape["_expandable"] = expandable;
        return shape;
    }

    private static async Task<JsonObject?> SpaceAsync(V1Call call, SpaceSummary space, Expansion expand) => await SpaceShape.OfAsync(call, space, expand);

    private static JsonObject Base(V1Call call, string ownerPath, JsonObject property) => new()
    {
        ["id"] = property.Text("id"),
        ["key"] = property.Text("key"),
        ["value"] = property["value"]?.DeepClone(),
        ["_links"] = V1Links.Self(call, $"{ownerPath}/property/{V1Call.Escape(property.Text("key") ?? "")}"),
    };

    private static JsonObject Version(JsonObject property)
    {
        var shape = new JsonObject();
        shape.Copy("when", property["version"], "createdAt");
        shape["message"] = property.Text("version", "message") ?? "";
        shape.Copy("number", property["version"]);
        shape.Copy("minorEdit", property["version"]);
        return shape;
    }
}
