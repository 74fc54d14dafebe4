using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's history of a piece of content.</summary>
internal static class V1History
{
    public static JsonObject Shape(ConfluenceCall call, Content content, Expand expand, bool alone = false)
    {
        var shape = new JsonObject
        {
            ["latest"] = true,
            ["createdBy"] = V1Shapes.User(call, content.First.AuthorId),
            ["ownedBy"] = V1Shapes.User(call, content.First.AuthorId),
            ["createdDate"] = Time(content.First.CreatedAt),
        };
        var expandable = new JsonObject { ["lastOwnedBy"] = "", ["nextVersion"] = "" };
        Part("lastUpdated", () => V1Shapes.Version(call, content, content.Latest));
        Part("previousVersion", () => content.Versions.Count > 1 ? V1Shapes.Version(call, content, content.Versions[^2]) : null);
        Part("contributors", () => new JsonObject
        {
            ["publishers"] = new JsonObject
            {
                ["users"] = new JsonArray([.. content.Versions.Select(version => version.AuthorId).Distinct().Select(author => V1Shapes.User(call, author))]),
                ["userKeys"] = new JsonArray([.. content.Versions.Select(version => version.AuthorId).Distinct().Select(author => JsonValue.Create(author))]),
            },
        });
        shape["_expandable"] = expandable;
        var links = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}/rest/api/content/{content.PublicId}/history" };
        shape["_links"] = alone ? V1Shapes.WithBase(call, links) : links;
        return shape;

        void Part(string name, Func<JsonNode?> value)
        {
            if (expand.Has(name))
            {
                shape[name] = value();
            }
            else
            {
                expandable[name] = "";
            }
        }
    }
}
