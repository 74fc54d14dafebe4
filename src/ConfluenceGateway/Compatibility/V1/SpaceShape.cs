using System.Globalization;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Makes v1's JSON of spaces; what is not expanded is named in <c>_expandable</c>.</summary>
internal static class SpaceShape
{
    /// <summary>v1's JSON of a space that is known, with what is wanted of it.</summary>
    public static async Task<JsonObject> OfAsync(V1Call call, SpaceSummary space, Expansion expand)
    {
        var shape = new JsonObject { ["id"] = long.TryParse(space.Id, CultureInfo.InvariantCulture, out var id) ? id : null, ["key"] = space.Key };
        Set("alias", space.Alias);
        Set("name", space.Name);
        Set("type", space.Type);
        Set("status", space.Status);
        var expandable = new JsonObject();
        foreach (var (name, link, value) in SpaceParts.All)
        {
            if (expand.Has(name) && await value(call, space, expand.Under(name)) is { } expanded)
            {
                shape[name] = expanded;
            }
            else
            {
                expandable[name] = link(space);
            }
        }

        shape["_expandable"] = expandable;
        var links = new JsonObject();
        if (space.WebUi is { } page)
        {
            links["webui"] = page;
        }

        links["self"] = call.WikiUrl + space.Path;
        shape["_links"] = links;
        return shape;

        void Set(string name, string? value)
        {
            if (value is not null)
            {
                shape[name] = value;
            }
        }
    }
}
