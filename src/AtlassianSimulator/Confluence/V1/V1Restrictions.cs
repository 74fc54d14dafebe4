using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>Restrictions, for reading; nothing on the simulated sites is restricted.</summary>
internal static class V1Restrictions
{
    private const string Read = "read:confluence-content.all";

    private static readonly string[] Operations = ["read", "update"];
    private static readonly string[] Everybody = ["restrictions.user", "restrictions.group"];

    public static void Map(ConfluenceOperations operations)
    {
        operations.V1("GET", "/content/{id}/restriction", Read, List);
        operations.V1("GET", "/content/{id}/restriction/byOperation", Read, call => ByOperation(
            call, V1Query.Content(call), Expand.Of(call, "read.restrictions.user", "read.restrictions.group", "update.restrictions.user", "update.restrictions.group")));
        operations.V1("GET", "/content/{id}/restriction/byOperation/{operation}", Read, One);
    }

    public static JsonObject ByOperation(ConfluenceCall call, Content content, Expand expand)
    {
        var shape = new JsonObject();
        var expandable = new JsonObject();
        foreach (var operation in Operations)
        {
            if (expand.Has(operation))
            {
                shape[operation] = Restriction(call, content, operation, expand.Under(operation));
            }
            else
            {
                expandable[operation] = "";
            }
        }

        shape["_expandable"] = expandable;
        shape["_links"] = new JsonObject { ["self"] = Self(call, content, "byOperation") };
        return shape;
    }

    private static ConfluenceAnswer List(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        var page = V1Paging.Page(call, Operations, operation => Restriction(call, content, operation, Expand.Of(call, Everybody)), 100);
        page["restrictionsHash"] = "";
        return page;
    }

    private static ConfluenceAnswer One(ConfluenceCall call)
    {
        var content = V1Query.Content(call);
        return call.Route("operation") is "read" or "update"
            ? Restriction(call, content, call.Route("operation"), Expand.Of(call, Everybody))
            : throw V1Exception.Invalid($"'{call.Route("operation")}' is not an operation that can be restricted");
    }

    private static JsonObject Restriction(ConfluenceCall call, Content content, string operation, Expand expand)
    {
        var shape = new JsonObject { ["operation"] = operation };
        var expandable = new JsonObject { ["content"] = $"/rest/api/content/{content.PublicId}" };
        if (expand.Has("restrictions"))
        {
            shape["restrictions"] = Subjects(expand.Under("restrictions"));
        }
        else
        {
            expandable["restrictions"] = "";
        }

        shape["_expandable"] = expandable;
        shape["_links"] = new JsonObject { ["self"] = Self(call, content, $"byOperation/{operation}") };
        return shape;
    }

    private static JsonObject Subjects(Expand expand)
    {
        var subjects = new JsonObject();
        var expandable = new JsonObject();
        foreach (var kind in (string[])["user", "group"])
        {
            if (expand.Has(kind))
            {
                subjects[kind] = Nobody();
            }
            else
            {
                expandable[kind] = "";
            }
        }

        subjects["_expandable"] = expandable;
        return subjects;
    }

    private static JsonObject Nobody() => new() { ["results"] = new JsonArray(), ["start"] = 0, ["limit"] = 100, ["size"] = 0 };

    private static string Self(ConfluenceCall call, Content content, string rest) =>
        $"{call.Site.Site.WikiBase}/rest/api/content/{content.PublicId}/restriction/{rest}";
}
