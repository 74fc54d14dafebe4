using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>The JSON of v1's spaces; what is not expanded is named in <c>_expandable</c>.</summary>
internal static class V1SpaceShape
{
    public static JsonObject Space(ConfluenceCall call, Space space, Expand expand, bool alone = false)
    {
        var path = $"/rest/api/space/{space.Key}";
        var shape = new JsonObject
        {
            ["id"] = space.Id,
            ["key"] = space.Key,
            ["alias"] = space.Key,
            ["name"] = space.Name,
            ["type"] = space.Type,
            ["status"] = space.Status,
        };
        var expandable = new JsonObject { ["settings"] = $"{path}/settings", ["lookAndFeel"] = "", ["permissions"] = "", ["theme"] = $"{path}/theme" };
        Part("metadata", "", wanted => Metadata(call, space, wanted));
        Part("operations", "", _ => V1Permitted.OnSpace());
        Part("identifiers", "", _ => new JsonObject { ["spaceIdentifier"] = $"ari:cloud:confluence:{call.Site.Site.CloudId}:space/{space.Id}" });
        Part("icon", "", _ => new JsonObject { ["path"] = "/images/logo/default-space-logo.svg", ["width"] = 48, ["height"] = 48, ["isDefault"] = true });
        Part("history", "", _ => new JsonObject
        {
            ["createdDate"] = Time(space.CreatedAt),
            ["createdBy"] = V1Shapes.User(call, space.AuthorId),
        });
        Part("description", "", wanted => Description(space, wanted));
        if (call.Site.Find(space.HomepageId) is { } homepage)
        {
            Part("homepage", $"/rest/api/content/{homepage.Id}", wanted => V1Shapes.Content(call, homepage, wanted));
        }

        shape["_expandable"] = expandable;
        var links = new JsonObject { ["webui"] = $"/spaces/{space.Key}", ["self"] = $"{call.Site.Site.WikiBase}{path}" };
        shape["_links"] = alone ? V1Shapes.WithBase(call, links) : links;
        return shape;

        void Part(string name, string link, Func<Expand, JsonNode> value)
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

    private static JsonObject Metadata(ConfluenceCall call, Space space, Expand expand) => expand.Has("labels")
        ? new JsonObject
        {
            ["labels"] = new JsonObject
            {
                ["results"] = new JsonArray([.. space.Labels.Select(V1Shapes.Label)]),
                ["start"] = 0,
                ["limit"] = 200,
                ["size"] = space.Labels.Count,
                ["_links"] = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}/rest/api/space/{space.Key}/label" },
            },
            ["_expandable"] = new JsonObject(),
        }
        : new JsonObject { ["_expandable"] = new JsonObject { ["labels"] = "" } };

    private static JsonObject Description(Space space, Expand expand)
    {
        var description = new JsonObject();
        var expandable = new JsonObject();
        foreach (var representation in (string[])["plain", "view"])
        {
            if (expand.Has(representation))
            {
                description[representation] = new JsonObject
                {
                    ["value"] = space.Description,
                    ["representation"] = representation,
                    ["embeddedContent"] = new JsonArray(),
                };
            }
            else
            {
                expandable[representation] = "";
            }
        }

        description["_expandable"] = expandable;
        return description;
    }
}
