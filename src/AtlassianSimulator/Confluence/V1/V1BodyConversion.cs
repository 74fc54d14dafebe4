using System.Globalization;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>Converts bodies between representations: at once, which OAuth clients lost, or as a task, which v1 keeps.</summary>
internal static class V1BodyConversion
{
    private const string Read = "read:confluence-content.all";

    private static readonly string[] FromStorage = ["view", "export_view", "styled_view", "editor", "anonymous_export_view", "storage"];

    public static void Map(ConfluenceOperations operations)
    {
        operations.RemovedV1("POST", "/contentbody/convert/{to}", Read, Convert);
        operations.V1("POST", "/contentbody/convert/async/{to}", Read, Begin);
        operations.V1("GET", "/contentbody/convert/async/{id}", Read, Look);
    }

    private static ConfluenceAnswer Convert(ConfluenceCall call)
    {
        var (value, representation) = Sent(call);
        var to = call.Route("to");
        var isKnown = representation switch
        {
            "storage" or "wiki" or "atlas_doc_format" => FromStorage.Contains(to),
            "editor" => to == "storage",
            _ => false,
        };
        if (!isKnown)
        {
            throw V1Exception.Invalid($"Cannot convert from {representation} to {to}");
        }

        return new JsonObject
        {
            ["value"] = Converted(value, representation, to),
            ["representation"] = to,
            ["embeddedContent"] = new JsonArray(),
            ["_expandable"] = new JsonObject { ["content"] = "", ["webresource"] = "", ["mediaToken"] = "" },
        };
    }

    private static ConfluenceAnswer Begin(ConfluenceCall call)
    {
        var (value, representation) = Sent(call);
        if (call.Route("to") != "export_view" || representation is not ("storage" or "atlas_doc_format" or "wiki"))
        {
            throw V1Exception.Invalid($"Cannot convert from {representation} to {call.Route("to")}");
        }

        var id = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
        call.Site.Conversions.Add(id, new BodyConversion(Converted(value, representation, "export_view"), "export_view"));
        return new JsonObject { ["asyncId"] = id };
    }

    private static ConfluenceAnswer Look(ConfluenceCall call)
    {
        if (!call.Site.Conversions.TryGetValue(call.Route("id"), out var conversion))
        {
            throw V1Exception.NotFound($"No conversion found with id: {call.Route("id")}");
        }

        var shape = new JsonObject { ["renderTaskId"] = call.Route("id"), ["representation"] = conversion.Representation };
        if (!conversion.IsDoneWhenLookedAt())
        {
            shape["status"] = "WORKING";
            return shape;
        }

        shape["status"] = "COMPLETED";
        shape["value"] = conversion.Value;
        shape["embeddedContent"] = new JsonArray();
        shape["_expandable"] = new JsonObject { ["content"] = "", ["webresource"] = "", ["mediaToken"] = "" };
        return shape;
    }

    private static (string Value, string Representation) Sent(ConfluenceCall call)
    {
        if (call.Query("contentIdContext") is { } id)
        {
            _ = V1Query.Content(call, id);
        }

        if (call.Query("spaceKeyContext") is { } key)
        {
            _ = V1Query.Space(call, key);
        }

        var body = V1Query.Body(call);
        return (V1Query.Text(body, "value") ?? throw V1Exception.Invalid("value is required"), V1Query.Required(V1Query.Text(body, "representation"), "representation"));
    }

    private static string Converted(string value, string representation, string to) =>
        StorageFormat.FromRepresentation(value, representation) is { } storage
            ? StorageFormat.Render(storage, to)!
            : throw V1Exception.Invalid($"Error parsing the {representation} body");
}
