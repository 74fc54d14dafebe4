using System.Text.Json;
using System.Text.RegularExpressions;

namespace ConfluenceGateway.Compatibility;

/// <summary>
/// A download by the path that Confluence's own links name, which takes no token. The same file comes through the REST API,
/// by the attachment's id.
/// </summary>
/// <param name="PageId">The id of the content that it is attached to.</param>
/// <param name="FileName">Its name.</param>
/// <param name="Version">The version that is asked for; null for the newest.</param>
internal sealed partial record AttachmentDownload(string PageId, string FileName, string? Version)
{
    /// <summary>What every such path has in it.</summary>
    public const string Marker = "download/attachments/";

    private static readonly string[] Kinds = ["pages", "blogposts"];

    // A list of one attachment; the answer is read whole.
    private const int LongestAnswer = 256 * 1024;

    /// <summary>Reads <c>/wiki/download/attachments/{pageId}/{fileName}</c>, with or without <c>/wiki</c>; null for any other path.</summary>
    public static AttachmentDownload? Of(string path, string query)
    {
        var match = DownloadPath().Match(path);
        if (!match.Success)
        {
            return null;
        }

        var version = VersionParameter().Match(query);
        return new AttachmentDownload(match.Groups[1].Value, Uri.UnescapeDataString(match.Groups[2].Value), version.Success ? version.Groups[1].Value : null);
    }

    /// <summary>Where its id can be asked for, in turn: the API has the attachments of pages and of blog posts apart.</summary>
    public IReadOnlyList<string> Lookups =>
        [.. Kinds.Select(kind => $"/wiki/api/v2/{kind}/{PageId}/attachments?limit=1&filename={Uri.EscapeDataString(FileName)}")];

    /// <summary>Where the REST API has the file.</summary>
    public string RestPath(string attachmentId) =>
        $"/wiki/rest/api/content/{PageId}/child/attachment/{Uri.EscapeDataString(attachmentId)}/download" + (Version is null ? "" : $"?version={Version}");

    /// <summary>The id in the answer to a lookup; null when it lists nothing, or is no list.</summary>
    public static async Task<string?> ReadIdAsync(HttpContent answer, CancellationToken cancellationToken)
    {
        try
        {
            await answer.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
            using var list = JsonDocument.Parse(await answer.ReadAsByteArrayAsync(cancellationToken));
            return list.RootElement.GetProperty("results").EnumerateArray().Select(found => found.GetProperty("id").GetString()).FirstOrDefault();
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(?:/wiki)?/download/attachments/([0-9]{1,20})/([^/]+)\z")]
    private static partial Regex DownloadPath();

    [GeneratedRegex(@"[?&]version=([0-9]{1,9})(?:&|\z)")]
    private static partial Regex VersionParameter();
}
