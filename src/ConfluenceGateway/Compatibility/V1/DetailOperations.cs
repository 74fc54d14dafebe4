using System.Globalization;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Labels and versions of content: <c>content/{id}/label</c> and <c>content/{id}/version</c>.</summary>
internal static class DetailOperations
{
    private const int StandardLimit = 200;

    /// <summary>Lists labels.</summary>
    public static Task<V1Answer> LabelsAsync(V1Call call) => ContentReader.WithKindAsync(call, call.Parameters[0], async kind =>
    {
        var id = call.Parameters[0];
        if (kind.IsComment())
        {
            throw V1Exception.Impossible("v2 knows no labels of comments", "Confluence shows none either: leave comments out.");
        }

        var prefix = call.Query("prefix") is { } given ? $"?prefix={V1Call.Escape(given)}" : "";
        var page = await new Listing(call, [new ListingSource(null, $"{kind.Path()}/{id}/labels{prefix}")], () => V1Exception.NoContent(id)).ReadAsync(StandardLimit);
        return new V1Answer(200, page.Answer(page.Items.Select(label => LabelShape.Of(label.V2))));
    });

    /// <summary>Lists versions, the newest first.</summary>
    public static Task<V1Answer> VersionsAsync(V1Call call) => ContentReader.WithKindAsync(call, call.Parameters[0], async kind =>
    {
        var id = call.Parameters[0];
        var page = await new Listing(call, [new ListingSource(null, $"{kind.Path()}/{id}/versions")], () => V1Exception.NoContent(id)).ReadAsync(StandardLimit);
        var users = await call.Site.UsersAsync(page.Items.Select(version => version.V2.Text("authorId")));
        var content = new ContentItem(kind, new System.Text.Json.Nodes.JsonObject { ["id"] = id });
        var expand = call.Expand();
        return new V1Answer(200, page.Answer(await Task.WhenAll(page.Items.Select(version => VersionPart.ExpandedAsync(call, content, VersionShape.Of(call, id, version.V2, users), expand)))));
    });

    /// <summary>Reads a version.</summary>
    public static Task<V1Answer> VersionAsync(V1Call call) => ContentReader.WithKindAsync(call, call.Parameters[0], async kind =>
    {
        var (id, number) = (call.Parameters[0], call.Parameters[1]);
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw V1Exception.Invalid("The version must be a number");
        }

        // v2 says 404 of the content and of the version alike; which it is shows when the content is asked for.
        var version = await call.V2.FindAsync($"{kind.Path()}/{id}/versions/{number}");
        if (version is null)
        {
            await ContentReader.ReadAsync(call, kind, id);
            throw V1Exception.NotFound($"No version {number}");
        }

        var users = await call.Site.UsersAsync([version.Text("authorId")]);
        var content = new ContentItem(kind, new System.Text.Json.Nodes.JsonObject { ["id"] = id });
        return new V1Answer(200, await VersionPart.ExpandedAsync(call, content, VersionShape.Of(call, id, version, users), call.Expand()));
    });
}
