using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>What content is in: a space, or the page or blog post that it belongs to.</summary>
internal static class ContainerPart
{
    /// <summary>v1's <c>container</c>.</summary>
    public static async Task<JsonNode?> OfAsync(V1Call call, ContentItem item, Expansion expand, Shown shown) =>
        await FindAsync(call, item) is { } container ? (await ContentShape.ManyAsync(call, [container], expand))[0]
        : shown.Space is { } space ? await SpaceShape.OfAsync(call, space, expand)
        : null;

    /// <summary>The page or blog post that content belongs to; null for what belongs to a space.</summary>
    public static async Task<ContentItem?> FindAsync(V1Call call, ContentItem item)
    {
        // The answers to a comment do not always say what they are on; the comment does.
        while (item.Container is null && item.V2.Text("parentCommentId") is { } answered)
        {
            item = await ContentReader.ReadAsync(call, item.Kind, answered);
        }

        return item.Container is { } container ? await ContentReader.ReadAsync(call, container.Kind, container.Id) : null;
    }
}
