using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>What the account may do with content.</summary>
internal static class OperationsPart
{
    /// <summary>v1's <c>operations</c>.</summary>
    public static async Task<JsonNode?> OfAsync(V1Call call, ContentItem item) =>
        (await call.V2.GetAsync($"{item.V2Path}/operations", () => V1Exception.NoContent(item.Id)))["operations"]?.DeepClone();
}
