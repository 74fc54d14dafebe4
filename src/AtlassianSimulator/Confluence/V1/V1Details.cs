using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>Labels and versions of content, which v1 keeps.</summary>
internal static class V1Details
{
    private const string Read = "read:confluence-content.summary";
    private const string Write = "write:confluence-content";
    private const int StandardLimit = 200;

    public static void Map(ConfluenceOperations operations)
    {
        operations.V1("GET", "/content/{id}/label", Read, Labels);
        operations.V1("POST", "/content/{id}/label", Write, AddLabels);
        operations.V1("DELETE", "/content/{id}/label", Write, call => RemoveLabel(call, V1Query.Required(call.Query("name"), "name")));
        operations.V1("DELETE", "/content/{id}/label/{label}", Write, call => RemoveLabel(call, call.Route("label")));
        operations.V1("GET", "/content/{id}/version", Read, Versions);
        operations.V1("GET", "/content/{id}/version/{number}", Read, Version);
    }

    private static ConfluenceAnswer Labels(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        var prefix = call.Query("prefix");
        return V1Paging.Page(call, content.Labels.Where(label => prefix is null || label.Prefix == prefix), V1Shapes.Label, StandardLimit);
    }

    private static ConfluenceAnswer AddLabels(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        var sent = call.Body switch
        {
            JsonArray labels => labels.OfType<JsonObject>().ToList(),
            JsonObject label => [label],
            _ => throw V1Exception.Invalid("The body must be a label or an array of labels"),
        };
        foreach (var name in sent.Select(label => V1Query.Required(V1Query.Text(label, "name"), "name").ToLowerInvariant()).ToList())
        {
            if (name.Any(char.IsWhiteSpace))
            {
                throw V1Exception.Invalid($"The label '{name}' contains spaces");
            }

            if (content.Labels.All(label => label.Name != name))
            {
                content.Labels.Add(call.Site.Label(name));
            }
        }

        return Labels(call);
    }

    private static ConfluenceAnswer RemoveLabel(ConfluenceCall call, string name)
    {
        var content = V1Query.Content(call);
        return content.Labels.RemoveAll(label => label.Name == name) > 0
            ? ConfluenceAnswer.NoContent
            : throw V1Exception.NotFound($"No label found with name : {name}");
    }

    private static ConfluenceAnswer Versions(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        var expand = Expand.Of(call);
        return V1Paging.Page(call, content.Versions.Reverse(), version => V1Shapes.Version(call, content, version, expand), StandardLimit);
    }

    private static ConfluenceAnswer Version(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        var version = content.Versions.FirstOrDefault(version => version.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) == call.Route("number"))
            ?? throw V1Exception.NotFound($"No version {call.Route("number")}");
        return V1Shapes.Version(call, content, version, Expand.Of(call));
    }
}
