using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>A piece of content, as v2 gives it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="V2">What v2 says of it.</param>
/// <param name="IsHistorical">Whether an older version of it is meant.</param>
internal sealed record ContentItem(ContentKind Kind, JsonObject V2, bool IsHistorical = false)
{
    /// <summary>Its id, the same in both versions of the API.</summary>
    public string Id => V2.Text("id") ?? "";

    /// <summary>v1's path of it.</summary>
    public string Path => $"/rest/api/content/{Id}";

    /// <summary>v2's path of it.</summary>
    public string V2Path => $"{Kind.Path()}/{Id}";

    /// <summary>The number of the version that is meant.</summary>
    public int? Version => V2.Number("version", "number");

    /// <summary>The id of its space; null when v2 does not tell, as for comments and attachments.</summary>
    public string? SpaceId => V2.Text("spaceId");

    /// <summary>The id of the page or blog post that a comment or an attachment belongs to, and which of the two; null for what belongs to a space.</summary>
    public (ContentKind Kind, string Id)? Container =>
        Kind is ContentKind.Page or ContentKind.BlogPost ? null
        : V2.Text("pageId") is { } page ? (ContentKind.Page, page)
        : V2.Text("blogPostId") is { } post ? (ContentKind.BlogPost, post)
        : null;
}
