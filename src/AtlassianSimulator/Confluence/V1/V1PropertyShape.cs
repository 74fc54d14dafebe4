using System.Text.Json.Nodes;
using AtlassianSimulator.Confluence.V2;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>The JSON of v1's properties; the version is expanded unless the request names something else.</summary>
internal static class V1PropertyShape
{
    private static readonly Expand Standard = new(["version"]);

    public static JsonObject OfContent(ConfluenceCall call, Content content, ContentProperty property, Expand? expand = null)
    {
        var path = $"/rest/api/content/{content.PublicId}";
        var shape = Shape(call, property, path);
        var expandable = (JsonObject)shape["_expandable"]!;
        Part(shape, expandable, expand ?? Standard, "content", path, wanted => V1Shapes.Content(call, content, wanted));
        Part(shape, expandable, expand ?? Standard, "version", "", _ => new JsonObject
        {
            ["when"] = Time(property.Version.CreatedAt),
            ["message"] = property.Version.Message,
            ["number"] = property.Version.Number,
            ["minorEdit"] = property.Version.MinorEdit,
            ["contentTypeModified"] = false,
        });
        return shape;
    }

    public static JsonObject OfSpace(ConfluenceCall call, Space space, ContentProperty property, Expand? expand = null)
    {
        var path = $"/rest/api/space/{space.Key}";
        var shape = Shape(call, property, path);
        var expandable = (JsonObject)shape["_expandable"]!;
        Part(shape, expandable, expand ?? Standard, "space", path, wanted => V1SpaceShape.Space(call, space, wanted));
        Part(shape, expandable, expand ?? Standard, "version", "", _ => new JsonObject
        {
            ["by"] = V1Shapes.User(call, property.Version.AuthorId),
            ["when"] = Time(property.Version.CreatedAt),
            ["message"] = property.Version.Message,
            ["number"] = property.Version.Number,
            ["minorEdit"] = property.Version.MinorEdit,
        });
        return shape;
    }

    private static JsonObject Shape(ConfluenceCall call, ContentProperty property, string of) => new()
    {
        ["id"] = V2Shapes.Text(property.Id),
        ["key"] = property.Key,
        ["value"] = property.Value?.DeepClone(),
        ["_expandable"] = new JsonObject(),
        ["_links"] = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}{of}/property/{Uri.EscapeDataString(property.Key)}" },
    };

    private static void Part(JsonObject shape, JsonObject expandable, Expand expand, string name, string link, Func<Expand, JsonNode> value)
    {
        if (expand.Has(name))
        {
            shape[name] = value(expand.Under(name));
        }
        else
        {
            expandable[name] = link;
        }
    }
}
