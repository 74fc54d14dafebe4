using System.Text.Json.Nodes;
using AtlassianSimulator.Edge;
using AtlassianSimulator.Media;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>Uploads and downloads of attachments, which v1 keeps and v2 does not have.</summary>
internal sealed class V1Attachments(MediaStore media, MediaHost mediaHost)
{
    private const string Read = "readonly:content.attachment:confluence";
    private const string Write = "write:confluence-file";

    public void Map(ConfluenceOperations operations)
    {
        operations.Upload("POST", "/content/{id}/child/attachment", Write, call => UploadAsync(call, mayReplace: false));
        operations.Upload("PUT", "/content/{id}/child/attachment", Write, call => UploadAsync(call, mayReplace: true));
        operations.Upload("POST", "/content/{id}/child/attachment/{attachment}/data", Write, UpdateDataAsync);
        operations.Raw("GET", "/rest/api/content/{id}/child/attachment/{attachment}/download", Read, DownloadAsync);
    }

    private async Task UploadAsync(ConfluenceCall call, bool mayReplace)
    {
        var uploads = await AttachmentUpload.ReadAsync(call.Http, media);
        try
        {
            JsonObject answer;
            lock (call.Site.Gate)
            {
                var on = V1Query.Content(call);
                if (!mayReplace && uploads.FirstOrDefault(upload => Find(call, on, upload.Name) is not null) is { } existing)
                {
                    throw V1Exception.Invalid($"Cannot add a new attachment with same file name as an existing attachment: {existing.Name}");
                }

                var kept = uploads.Select(upload => Keep(call, on, upload)).ToList();
                answer = V1Paging.Page(call, kept, attachment => Shape(call, attachment, alone: false));
            }

            await Json.WriteAsync(call.Http, answer);
        }
        catch (V1Exception)
        {
            uploads.ForEach(upload => media.Discard(upload.File));
            throw;
        }
    }

    private async Task UpdateDataAsync(ConfluenceCall call)
    {
        var uploads = await AttachmentUpload.ReadAsync(call.Http, media);
        try
        {
            JsonObject answer;
            lock (call.Site.Gate)
            {
                var attachment = Attachment(call);
                AddVersion(call, attachment, uploads[0]);
                answer = Shape(call, attachment, alone: true);
            }

            await Json.WriteAsync(call.Http, answer);
        }
        catch (V1Exception)
        {
            uploads.ForEach(upload => media.Discard(upload.File));
            throw;
        }
    }

    private Task DownloadAsync(ConfluenceCall call)
    {
        lock (call.Site.Gate)
        {
            var attachment = Attachment(call);
            var number = V1Paging.Number(call, "version", attachment.Latest.Number);
            var version = attachment.Versions.FirstOrDefault(version => version.Number == number)
                ?? throw V1Exception.NotFound($"No attachment found with version {number}");
            call.Http.Response.StatusCode = 302;
            call.Http.Response.Headers.Location = mediaHost.Link(version.File!, version.Title);
            return Task.CompletedTask;
        }
    }

    private static Content Attachment(ConfluenceCall call) =>
        V1Query.Content(call, call.Route("attachment")) is { Kind: ContentKind.Attachment } attachment && attachment.ContainerId == V1Query.Content(call).Id
            ? attachment
            : throw V1Exception.NotFound($"No attachment found with id: {call.Route("attachment")}");

    private static Content? Find(ConfluenceCall call, Content on, string name) => call.Site.All.FirstOrDefault(content =>
        content is { Kind: ContentKind.Attachment, Status: "current" } && content.ContainerId == on.Id && content.Title == name);

    private static Content Keep(ConfluenceCall call, Content on, AttachmentUpload upload)
    {
        if (Find(call, on, upload.Name) is { } existing)
        {
            return AddVersion(call, existing, upload);
        }

        var first = new ContentVersion(
            1, call.Caller.AccountId, call.Site.Now, upload.Name, upload.Comment, MinorEdit: upload.MinorEdit, File: upload.File);
        return call.Site.Add(new Content(call.Site.NextId(), ContentKind.Attachment, on.SpaceId, first) { ContainerId = on.Id });
    }

    private static Content AddVersion(ConfluenceCall call, Content attachment, AttachmentUpload upload)
    {
        attachment.Add(new ContentVersion(
            attachment.Latest.Number + 1, call.Caller.AccountId, call.Site.Now, attachment.Title, upload.Comment, MinorEdit: upload.MinorEdit, File: upload.File));
        return attachment;
    }

    private static JsonObject Shape(ConfluenceCall call, Content attachment, bool alone) =>
        V1Shapes.Content(call, attachment, new Expand(["version", "metadata.labels", "container"]), alone: alone);
}
