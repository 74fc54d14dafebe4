using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's <c>childTypes</c>: whether content has children of a type, without the children.</summary>
internal static class V1ChildTypes
{
    private static readonly string[] Types = ["attachment", "comment", "page"];

    public static JsonObject Shape(ConfluenceCall call, Content content, Expand expand)
    {
        var shape = new JsonObject();
        var expandable = new JsonObject();
        foreach (var type in Types)
        {
            if (!expand.Has(type) && !expand.Has("all"))
            {
                expandable[type] = "";
                continue;
            }

            shape[type] = new JsonObject
            {
                ["value"] = V1RemovedListings.Below(call, content, type).Any(),
                ["_links"] = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}/rest/api/content/{content.PublicId}/child/{type}" },
            };
        }

        if (!expand.Has("all"))
        {
            expandable["all"] = "";
        }

        shape["_expandable"] = expandable;
        return shape;
    }
}
