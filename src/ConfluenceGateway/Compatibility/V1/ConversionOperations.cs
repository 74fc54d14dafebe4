using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Converting a body: <c>contentbody/convert/{to}</c>, by the conversion that goes on in the background.</summary>
internal static class ConversionOperations
{
    // The only one that v1 has kept.
    private const string Kept = "export_view";

    // What v1 could convert to.
    private static readonly string[] Representations =
        [Kept, "view", "styled_view", "anonymous_export_view", "storage", "editor", "editor2", "wiki", "atlas_doc_format", "plain", "raw", "dynamic"];

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Converts a body.</summary>
    public static async Task<V1Answer> ConvertAsync(V1Call call)
    {
        var to = call.Parameters[0];
        if (!Representations.Contains(to))
        {
            throw V1Exception.Invalid($"Unknown representation : {to}");
        }

        if (to != Kept)
        {
            throw V1Exception.Impossible($"what is left converts to '{Kept}' and not to '{to}'", $"Convert to '{Kept}', or read content with GET /wiki/api/v2/pages/{{id}}?body-format=.");
        }

        var query = string.Join('&', call.QueryWithout("expand"));
        var begun = await call.V2.AskKeptAsync($"/rest/api/contentbody/convert/async/{to}{(query.Length > 0 ? "?" : "")}{query}", call.Object().DeepClone());
        var id = begun.Text("asyncId") ?? throw V1Exception.Invalid("The conversion did not begin");
        var pause = FirstPause;
        for (var waited = TimeSpan.Zero; waited < Patience; waited += pause, pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, call.Time, call.Aborted);
            var conversion = await call.V2.PollKeptAsync($"/rest/api/contentbody/convert/async/{V1Call.Escape(id)}");
            switch (conversion.Text("status"))
            {
                case "COMPLETED":
                    return new V1Answer(200, Shape(to, conversion));
                case "FAILED" or "CANCELLED" or "REJECTED":
                    throw V1Exception.Invalid(conversion.Text("error") ?? "The body could not be converted");
            }
        }

        throw V1Exception.Of(new Callers.Problem(504, "upstream-timeout", "Atlassian is too slow", $"Atlassian did not convert the body within {Patience.TotalSeconds} seconds."));
    }

    private static JsonObject Shape(string to, JsonObject conversion)
    {
        var shape = new JsonObject { ["value"] = conversion.Text("value") ?? "", ["representation"] = conversion.Text("representation") ?? to, ["embeddedContent"] = new JsonArray() };
        shape["_expandable"] = new JsonObject { ["content"] = "", ["webresource"] = "", ["mediaToken"] = "" };
        return shape;
    }
}
