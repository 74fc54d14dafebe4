using System.Text.Json.Nodes;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>What hangs on content of every kind: labels and versions.</summary>
internal static class V2Details
{
    private const string ReadPage = "read:page:confluence";
    private const string ReadComment = "read:comment:confluence";
    private const string ReadAttachment = "read:attachment:confluence";

    public static void Map(ConfluenceOperations operations)
    {
        MapFor(operations, "/pages", ReadPage, hasLabels: true, call => V2Query.Content(call, "id", ContentKind.Page));
        MapFor(operations, "/blogposts", ReadPage, hasLabels: true, call => V2Query.Content(call, "id", ContentKind.BlogPost));
        MapFor(operations, "/footer-comments", ReadComment, hasLabels: false, call => V2Query.Content(call, "id", ContentKind.FooterComment));
        MapFor(operations, "/inline-comments", ReadComment, hasLabels: false, call => V2Query.Content(call, "id", ContentKind.InlineComment));
        MapFor(operations, "/attachments", ReadAttachment, hasLabels: true, call => V2Query.Attachment(call, "id"));
    }

    private static void MapFor(ConfluenceOperations operations, string path, string scope, bool hasLabels, Func<ConfluenceCall, Content> find)
    {
        operations.V2("GET", $"{path}/{{id}}/versions", scope, call => Versions(call, find(call)));
        operations.V2("GET", $"{path}/{{id}}/versions/{{number}}", scope, call => Version(call, find(call)));
        if (hasLabels)
        {
            operations.V2("GET", $"{path}/{{id}}/labels", scope, call => Labels(call, find(call)));
        }
    }

    private static ConfluenceAnswer Labels(ConfluenceCall call, Content content)
    {
        var prefix = call.Query("prefix");
        var labels = content.Labels.Where(label => prefix is null || label.Prefix == prefix);
        var sort = call.Query("sort") ?? "id";
        var ascending = sort.TrimStart('-') switch
        {
            "name" => labels.OrderBy(label => label.Name, StringComparer.Ordinal),
            "id" or "created-date" => labels.OrderBy(label => label.Id),
            _ => throw V2Exception.InvalidParameter("sort", sort, "one of id, created-date, name, each also with -"),
        };
        return V2Paging.Page(call, sort[0] == '-' ? ascending.Reverse() : ascending, label => label.Id, V2Shapes.Label);
    }

    private static ConfluenceAnswer Versions(ConfluenceCall call, Content content)
    {
        var versions = call.Query("sort") switch
        {
            null or "-modified-date" => content.Versions.Reverse(),
            "modified-date" => content.Versions,
            var unknown => throw V2Exception.InvalidParameter("sort", unknown, "one of modified-date, -modified-date"),
        };
        return V2Paging.Page(call, versions, version => version.Number, version =>
        {
            var shape = V2Shapes.Version(version);
            shape[EntityName(content)] = new JsonObject
            {
                ["id"] = content.PublicId,
                ["title"] = version.Title,
                ["body"] = V2Shapes.Body(call, version, alone: false),
            };
            return shape;
        });
    }

    private static ConfluenceAnswer Version(ConfluenceCall call, Content content)
    {
        var number = V2Query.Id(call, "number");
        var version = content.Versions.FirstOrDefault(version => version.Number == number) ?? throw V2Exception.NotFound();
        return new JsonObject
        {
            ["number"] = version.Number,
            ["authorId"] = version.AuthorId,
            ["message"] = version.Message,
            ["createdAt"] = Time(version.CreatedAt),
            ["minorEdit"] = version.MinorEdit,
            ["contentTypeModified"] = false,
            ["collaborators"] = new JsonArray(version.AuthorId),
            ["prevVersion"] = version.Number > 1 ? version.Number - 1 : null,
            ["nextVersion"] = version.Number < content.Latest.Number ? version.Number + 1 : null,
            ["_links"] = new JsonObject { ["base"] = call.Site.Site.WikiBase },
        };
    }

    private static string EntityName(Content content) => content.Kind switch
    {
        ContentKind.Page => "page",
        ContentKind.BlogPost => "blogpost",
        ContentKind.Attachment => "attachment",
        _ => "comment",
    };
}
