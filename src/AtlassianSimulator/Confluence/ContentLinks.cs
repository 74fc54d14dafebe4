using System.Buffers.Binary;
using System.Globalization;

namespace AtlassianSimulator.Confluence;

/// <summary>The relative links of content; all are relative to <c>_links.base</c>, so without <c>/wiki</c>.</summary>
internal static class ContentLinks
{
    public static string WebUi(ConfluenceSite site, Content content)
    {
        var space = site.SpaceOf(content);
        switch (content.Kind)
        {
            case ContentKind.Page when space.HomepageId == content.Id:
                return $"/spaces/{space.Key}/overview";
            case ContentKind.Page:
                return $"/spaces/{space.Key}/pages/{content.Id}/{Uri.EscapeDataString(content.Title).Replace("%20", "+", StringComparison.Ordinal)}";
            case ContentKind.BlogPost:
                return string.Create(
                    CultureInfo.InvariantCulture, $"/spaces/{space.Key}/blog/{content.First.CreatedAt:yyyy/MM/dd}/{content.Id}/{Uri.EscapeDataString(content.Title)}");
            case ContentKind.Attachment:
                return $"/pages/viewpageattachments.action?pageId={content.ContainerId}&preview=%2F{content.ContainerId}%2F{content.Id}%2F{Uri.EscapeDataString(content.Title)}";
            default:
                var on = site.Find(content.ContainerId!.Value)!;
                return $"{WebUi(site, on)}?focusedCommentId={content.Id}";
        }
    }

    /// <summary>The short link: the id's bytes, little-endian, in base64 without what says nothing.</summary>
    public static string TinyUi(Content content)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, content.Id);
        var code = Convert.ToBase64String(bytes).TrimEnd('=').TrimEnd('A');
        return $"/x/{code.Replace('/', '-').Replace('+', '_')}";
    }

    public static string EditUi(Content content) => $"/pages/resumedraft.action?draftId={content.Id}";

    /// <summary>The servlet's address, which is dead for tokens but still what the answers say.</summary>
    public static string Download(Content attachment, ContentVersion version) => string.Create(
        CultureInfo.InvariantCulture,
        $"/download/attachments/{attachment.ContainerId}/{Uri.EscapeDataString(attachment.Title)}?version={version.Number}&modificationDate={version.CreatedAt.ToUnixTimeMilliseconds()}&cacheVersion=1&api=v2");
}
