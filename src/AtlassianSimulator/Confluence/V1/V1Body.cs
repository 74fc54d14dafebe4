using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's body of content, in the representations that are asked for.</summary>
internal static class V1Body
{
    public static JsonObject Shape(ContentVersion version, Expand expand, string path)
    {
        var body = new JsonObject();
        var expandable = new JsonObject();
        foreach (var representation in (string[])["storage", "view", "export_view", "styled_view", "anonymous_export_view", "editor", "atlas_doc_format"])
        {
            if (!expand.Has(representation))
            {
                expandable[representation] = "";
                continue;
            }

            body[representation] = new JsonObject
            {
                ["value"] = StorageFormat.Render(version.Body, representation),
                ["representation"] = representation,
                ["embeddedContent"] = new JsonArray(),
                ["_expandable"] = new JsonObject { ["content"] = path },
            };
        }

        body["_expandable"] = expandable;
        return body;
    }
}
