namespace ConfluenceGateway.Compatibility.V1;

/// <summary>What a piece of content is. v2 has the kinds apart, v1 knows both kinds of comments as one.</summary>
internal enum ContentKind
{
    /// <summary>A page.</summary>
    Page,

    /// <summary>A blog post.</summary>
    BlogPost,

    /// <summary>A comment below a page or a blog post, or the answer to one.</summary>
    FooterComment,

    /// <summary>A comment on a text, or the answer to one.</summary>
    InlineComment,

    /// <summary>A file that is attached to a page or a blog post.</summary>
    Attachment,
}

/// <summary>What the two versions of the API call the kinds.</summary>
internal static class ContentKinds
{
    /// <summary>Where v2 has them, such as <c>/pages</c>.</summary>
    public static string Path(this ContentKind kind) => kind switch
    {
        ContentKind.Page => "/pages",
        ContentKind.BlogPost => "/blogposts",
        ContentKind.FooterComment => "/footer-comments",
        ContentKind.InlineComment => "/inline-comments",
        _ => "/attachments",
    };

    /// <summary>Where v2 has their properties: those of both kinds of comments are in one place.</summary>
    public static string PropertyPath(this ContentKind kind) => kind.IsComment() ? "/comments" : kind.Path();

    /// <summary>v1's name.</summary>
    public static string V1Type(this ContentKind kind) => kind switch
    {
        ContentKind.Page => "page",
        ContentKind.BlogPost => "blogpost",
        ContentKind.Attachment => "attachment",
        _ => "comment",
    };

    /// <summary>Whether it is a comment.</summary>
    public static bool IsComment(this ContentKind kind) => kind is ContentKind.FooterComment or ContentKind.InlineComment;

    /// <summary>The kind that v2 names so when it is asked for the type of an id; null for what v1 never served by these operations.</summary>
    public static ContentKind? OfV2Type(string? type) => type switch
    {
        "page" => ContentKind.Page,
        "blogpost" => ContentKind.BlogPost,
        "footer-comment" => ContentKind.FooterComment,
        "inline-comment" => ContentKind.InlineComment,
        "attachment" => ContentKind.Attachment,
        _ => null,
    };
}
