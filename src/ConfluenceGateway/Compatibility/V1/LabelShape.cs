using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Makes v1's JSON of a label.</summary>
internal static class LabelShape
{
    /// <summary>v1's JSON of a label of v2.</summary>
    public static JsonObject Of(JsonObject label) => new()
    {
        ["prefix"] = label.Text("prefix"),
        ["name"] = label.Text("name"),
        ["id"] = label.Text("id"),
        ["label"] = label.Text("name"),
    };
}
