using System.Text;
using AtlassianSimulator.Media;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>One file of a multipart upload, already streamed to the media store.</summary>
internal sealed record AttachmentUpload(StoredFile File, string Name, string Comment, bool MinorEdit)
{
    /// <summary>Reads the parts in order; comments and <c>minorEdit</c> go with the files by their place.</summary>
    /// <exception cref="V1Exception">400: it is not such an upload.</exception>
    public static async Task<List<AttachmentUpload>> ReadAsync(HttpContext http, MediaStore media)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || type.MediaType != "multipart/form-data"
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            throw V1Exception.Invalid("An upload must be multipart/form-data");
        }

        var files = new List<(StoredFile File, string Name)>();
        var comments = new List<string>();
        var minorEdits = new List<bool>();
        try
        {
            var reader = new MultipartReader(boundary, http.Request.Body);
            while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } section)
            {
                switch (section.GetContentDispositionHeader()?.Name.Value?.Trim('"'))
                {
                    case "file":
                        files.Add(await KeepAsync(section, media, http.RequestAborted));
                        break;
                    case "comment":
                        comments.Add(await TextAsync(section, http.RequestAborted));
                        break;
                    case "minorEdit":
                        minorEdits.Add(await TextAsync(section, http.RequestAborted) == "true");
                        break;
                }
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or V1Exception)
        {
            files.ForEach(file => media.Discard(file.File));
            throw broken as V1Exception ?? V1Exception.Invalid("The multipart body could not be read");
        }

        return files.Count == 0
            ? throw V1Exception.Invalid("At least one file is required")
            : [.. files.Select((file, index) => new AttachmentUpload(
                file.File, file.Name, comments.ElementAtOrDefault(index) ?? "", minorEdits.ElementAtOrDefault(index)))];
    }

    private static async Task<(StoredFile, string)> KeepAsync(MultipartSection section, MediaStore media, CancellationToken cancellation)
    {
        var disposition = section.GetContentDispositionHeader()!;
        var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
        if (string.IsNullOrEmpty(name))
        {
            throw V1Exception.Invalid("Every file must have a name");
        }

        return (await media.KeepAsync(section.ContentType ?? "application/octet-stream", section.Body, cancellation), name);
    }

    private static async Task<string> TextAsync(MultipartSection section, CancellationToken cancellation)
    {
        using var reader = new StreamReader(section.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }
}
