using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>Attachments: v2 lists, reads and deletes them; uploads are v1's.</summary>
internal static class V2Attachments
{
    private const string Read = "read:attachment:confluence";
    private const int StandardLimit = 50;

    public static void Map(ConfluenceOperations operations)
    {
        operations.V2("GET", "/attachments", Read, call => List(call, call.Site.All));
        operations.V2("GET", "/attachments/{id}", Read, Get);
        operations.V2("DELETE", "/attachments/{id}", "delete:attachment:confluence", Delete);
        operations.V2("GET", "/pages/{id}/attachments", Read, call => On(call, ContentKind.Page));
        operations.V2("GET", "/blogposts/{id}/attachments", Read, call => On(call, ContentKind.BlogPost));
        operations.V2("GET", "/labels/{id}/attachments", Read, WithLabel);
    }

    private static ConfluenceAnswer Get(ConfluenceCall call)
    {
        var attachment = V2Query.Attachment(call, "id");
        return Shape(call, attachment, V2Query.AskedVersion(call, attachment), alone: true);
    }

    private static ConfluenceAnswer On(ConfluenceCall call, ContentKind container)
    {
        var content = V2Query.Content(call, "id", container);
        return List(call, call.Site.All.Where(attachment => attachment.ContainerId == content.Id));
    }

    private static ConfluenceAnswer WithLabel(ConfluenceCall call)
    {
        var id = V2Query.Id(call, "id");
        return List(call, call.Site.All.Where(attachment => attachment.Labels.Any(label => label.Id == id)));
    }

    private static ConfluenceAnswer List(ConfluenceCall call, IEnumerable<Content> from)
    {
        var (mediaType, filename) = (call.Query("mediaType"), call.Query("filename"));
        var found = V2Query.WithStatus(call, from.Where(content => content.Kind == ContentKind.Attachment), "current", "archived").Where(attachment =>
            (mediaType is null || attachment.Latest.File!.MediaType == mediaType) && (filename is null || attachment.Title == filename));
        return V2Paging.Page(
            call, V2Query.Sorted(call, found, "created-date", "modified-date"), attachment => attachment.Id, attachment => Shape(call, attachment), StandardLimit);
    }

    private static ConfluenceAnswer Delete(ConfluenceCall call)
    {
        var attachment = V2Query.Attachment(call, "id");
        if (call.Query("purge") == "true" && attachment.Status == "trashed")
        {
            call.Site.Purge(attachment);
        }
        else
        {
            attachment.Status = "trashed";
        }

        return ConfluenceAnswer.NoContent;
    }

    private static JsonObject Shape(ConfluenceCall call, Content attachment, ContentVersion? version = null, bool alone = false)
    {
        var shown = version ?? attachment.Latest;
        var file = shown.File!;
        var shape = new JsonObject
        {
            ["id"] = attachment.PublicId,
            ["status"] = version is null ? attachment.Status : "historical",
            ["title"] = shown.Title,
            ["createdAt"] = Time(attachment.First.CreatedAt),
        };
        var on = call.Site.Find(attachment.ContainerId!.Value);
        shape[on?.Kind == ContentKind.BlogPost ? "blogPostId" : "pageId"] = V2Shapes.Text(attachment.ContainerId);
        shape["mediaType"] = file.MediaType;
        shape["mediaTypeDescription"] = MediaTypeDescription(file.MediaType);
        shape["comment"] = shown.Body;
        shape["fileId"] = file.Id;
        shape["fileSize"] = file.Length;
        shape["webuiLink"] = ContentLinks.WebUi(call.Site, attachment);
        shape["downloadLink"] = ContentLinks.Download(attachment, shown);
        shape["version"] = V2Shapes.Version(shown);
        shape["_links"] = V2Shapes.Links(call, alone, new JsonObject
        {
            ["webui"] = ContentLinks.WebUi(call.Site, attachment),
            ["download"] = ContentLinks.Download(attachment, shown),
        });
        return shape;
    }

    public static string MediaTypeDescription(string mediaType) => mediaType switch
    {
        "text/plain" => "Text File",
        "image/png" => "PNG Image",
        "application/pdf" => "PDF Document",
        _ => "File",
    };
}
