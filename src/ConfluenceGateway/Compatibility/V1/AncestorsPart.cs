using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The pages above a page, from the root down.</summary>
internal static class AncestorsPart
{
    /// <summary>v1's <c>ancestors</c>.</summary>
    public static async Task<JsonNode?> OfAsync(V1Call call, ContentItem item, Expansion expand)
    {
        if (item.Kind != ContentKind.Page)
        {
            // A comment's are the comments that it answers; nothing is above a blog post or an attachment.
            return new JsonArray([.. await ContentShape.ManyAsync(call, await AnsweredAsync(call, item), expand)]);
        }

        var above = await call.V2.GetAsync($"/pages/{item.Id}/ancestors?limit=250", () => V1Exception.NoContent(item.Id));
        // Folders and whiteboards are above pages too, and v1 does not know them.
        var ids = above.Objects("results").Where(ancestor => ancestor.Text("type") == "page").Select(ancestor => ancestor.Text("id")).OfType<string>().ToList();
        return new JsonArray([.. ids.Count == 0 ? [] : await ContentShape.ManyAsync(call, await ContentReader.PagesAsync(call, ids), expand)]);
    }

    private static async Task<List<ContentItem>> AnsweredAsync(V1Call call, ContentItem item)
    {
        var above = new List<ContentItem>();
        for (var id = item.V2.Text("parentCommentId"); id is not null; id = above[0].V2.Text("parentCommentId"))
        {
            above.Insert(0, await ContentReader.ReadAsync(call, item.Kind, id));
        }

        return above;
    }
}
