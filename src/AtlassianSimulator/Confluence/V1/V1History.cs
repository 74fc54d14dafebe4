using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's history of a piece of content.</summary>
internal static class V1History
{
    /// <param name="shown">The version that is looked at; previous and next are its neighbours.</param>
    public static JsonObject Shape(ConfluenceCall call, Content content, ContentVersion shown, Expand expand, bool alone = false)
    {
        var shape = new JsonObject
        {
            ["latest"] = shown == content.Latest,
            ["createdBy"] = V1Shapes.User(call, content.First.AuthorId),
            ["ownedBy"] = V1Shapes.User(call, content.First.AuthorId),
            ["createdDate"] = Time(content.First.CreatedAt),
        };
        var expandable = new JsonObject();
        Part("lastUpdated", wanted => V1Shapes.Version(call, content, content.Latest, wanted));
        Part("previousVersion", wanted => Neighbour(shown.Number - 1, wanted));
        Part("nextVersion", wanted => Neighbour(shown.Number + 1, wanted));
        Part("contributors", _ => new JsonObject { ["publishers"] = V1Shapes.Users(call, content.Versions.Select(version => version.AuthorId)) });

        // Nobody else has ever owned it.
        Part("lastOwnedBy", _ => null);
        shape["_expandable"] = expandable;
        var links = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}/rest/api/content/{content.PublicId}/history" };
        shape["_links"] = alone ? V1Shapes.WithBase(call, links) : links;
        return shape;

        JsonObject? Neighbour(int number, Expand wanted) =>
            content.Versions.FirstOrDefault(version => version.Number == number) is { } version ? V1Shapes.Version(call, content, version, wanted) : null;

        void Part(string name, Func<Expand, JsonNode?> value)
        {
            if (!expand.Has(name))
            {
                expandable[name] = "";
            }
            else if (value(expand.Under(name)) is { } known)
            {
                shape[name] = known;
            }
        }
    }
}
