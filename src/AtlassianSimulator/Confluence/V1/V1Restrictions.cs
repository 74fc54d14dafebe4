using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>Restrictions, for reading; nothing on the simulated sites is restricted.</summary>
internal static class V1Restrictions
{
    private const string Read = "read:confluence-content.all";

    public static void Map(ConfluenceOperations operations)
    {
        operations.V1("GET", "/content/{id}/restriction", Read, List);
        operations.V1("GET", "/content/{id}/restriction/byOperation", Read, call => ByOperation(call, V1Query.Content(call)));
        operations.V1("GET", "/content/{id}/restriction/byOperation/{operation}", Read, One);
    }

    public static JsonObject ByOperation(ConfluenceCall call, Content content) => new()
    {
        ["read"] = Restriction(call, content, "read", Expand.None),
        ["update"] = Restriction(call, content, "update", Expand.None),
        ["_links"] = new JsonObject { ["self"] = Self(call, content, "byOperation") },
    };

    private static ConfluenceAnswer List(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        var page = V1Paging.Page(call, (string[])["read", "update"], operation => Restriction(call, content, operation, Expand.Of(call)), 100);
        page["restrictionsHash"] = "";
        return page;
    }

    private static ConfluenceAnswer One(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        return call.Route("operation") is "read" or "update"
            ? Restriction(call, content, call.Route("operation"), Expand.Of(call))
            : throw V1Exception.Invalid($"'{call.Route("operation")}' is not an operation that can be restricted");
    }

    private static JsonObject Restriction(ConfluenceCall call, Content content, string operation, Expand expand)
    {
        var wanted = expand.Has("restrictions") ? expand : expand.Under(operation);
        var shape = new JsonObject { ["operation"] = operation };
        var expandable = new JsonObject { ["content"] = $"/rest/api/content/{content.PublicId}" };
        if (wanted.Has("restrictions"))
        {
            shape["restrictions"] = new JsonObject { ["user"] = Nobody(), ["group"] = Nobody(), ["_expandable"] = new JsonObject() };
        }
        else
        {
            expandable["restrictions"] = "";
        }

        shape["_expandable"] = expandable;
        shape["_links"] = new JsonObject { ["self"] = Self(call, content, $"byOperation/{operation}") };
        return shape;
    }

    private static JsonObject Nobody() => new() { ["results"] = new JsonArray(), ["start"] = 0, ["limit"] = 100, ["size"] = 0 };

    private static string Self(ConfluenceCall call, Content content, string rest) =>
        $"{call.Site.Site.WikiBase}/rest/api/content/{content.PublicId}/restriction/{rest}";
}
