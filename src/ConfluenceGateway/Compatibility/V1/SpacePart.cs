using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The space of content.</summary>
internal static class SpacePart
{
    /// <summary>v1's <c>space</c>.</summary>
    public static async Task<JsonNode?> OfAsync(V1Call call, ContentItem item, Expansion expand, Shown shown) =>
        (shown.Space ?? await SpaceAsync(call, item)) is { } space ? await SpaceShape.OfAsync(call, space, expand) : null;

    // v2 does not tell the space of a comment or an attachment, but that of what it belongs to.
    private static async Task<SpaceSummary?> SpaceAsync(V1Call call, ContentItem item) =>
        (await ContainerPart.FindAsync(call, item))?.SpaceId is { } id
            ? (await call.Site.SpacesAsync([id])).GetValueOrDefault(id)
            : null;
}
