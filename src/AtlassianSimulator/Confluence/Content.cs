using System.Globalization;

namespace AtlassianSimulator.Confluence;

/// <summary>What a piece of content is.</summary>
internal enum ContentKind
{
    Page,
    BlogPost,
    FooterComment,
    InlineComment,
    Attachment,
}

/// <summary>One version of a piece of content, whole.</summary>
/// <param name="Body">Storage format; for an attachment its comment.</param>
/// <param name="File">The file of an attachment's version.</param>
internal sealed record ContentVersion(
    int Number, string AuthorId, DateTimeOffset CreatedAt, string Title, string Body, string Message = "", bool MinorEdit = false,
    Media.StoredFile? File = null);

/// <summary>The text an inline comment hangs on.</summary>
internal sealed record InlineAnchor(string MarkerRef, string Selection);

/// <summary>A page, blog post, comment or attachment of a site. Guarded by the site's gate.</summary>
internal sealed class Content(long id, ContentKind kind, long spaceId, ContentVersion first)
{
    private readonly List<ContentVersion> _versions = [first];

    public long Id { get; } = id;

    public ContentKind Kind { get; } = kind;

    public long SpaceId { get; set; } = spaceId;

    /// <summary>What both API versions call it: attachments carry a prefix.</summary>
    public string PublicId { get; } = kind == ContentKind.Attachment
        ? string.Create(CultureInfo.InvariantCulture, $"att{id}")
        : id.ToString(CultureInfo.InvariantCulture);

    /// <summary><c>current</c>, <c>draft</c>, <c>archived</c> or <c>trashed</c>.</summary>
    public string Status { get; set; } = "current";

    /// <summary>The parent page, or the comment answered.</summary>
    public long? ParentId { get; set; }

    /// <summary>The page or blog post a comment or attachment belongs to.</summary>
    public long? ContainerId { get; init; }

    public int Position { get; init; }

    public InlineAnchor? Anchor { get; init; }

    /// <summary>For inline comments.</summary>
    public bool Resolved { get; set; }

    public IReadOnlyList<ContentVersion> Versions => _versions;

    public ContentVersion Latest => _versions[^1];

    public ContentVersion First => _versions[0];

    public string Title => Latest.Title;

    public List<Label> Labels { get; } = [];

    public List<ContentProperty> Properties { get; } = [];

    public bool IsComment => Kind is ContentKind.FooterComment or ContentKind.InlineComment;

    /// <summary>Puts another version in the place of the latest.</summary>
    public void Rewrite(ContentVersion version) => _versions[^1] = version;

    public void Add(ContentVersion version) => _versions.Add(version);
}
