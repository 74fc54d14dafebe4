namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Listing content by what it is: <c>GET content</c>.</summary>
internal static class ContentListing
{
    /// <summary>Lists content.</summary>
    public static async Task<V1Answer> ListAsync(V1Call call)
    {
        var expand = call.Expand();
        ContentKind[] kinds = (call.Query("type") ?? "page") switch
        {
            "page" => [ContentKind.Page],
            "blogpost" => [ContentKind.BlogPost],
            "comment" => [ContentKind.FooterComment, ContentKind.InlineComment],
            "attachment" => [ContentKind.Attachment],
            var unknown => throw V1Exception.Invalid($"Unknown content type : {unknown}"),
        };
        if (call.Query("postingDay") is not null)
        {
            throw V1Exception.Impossible("v2 does not list blog posts by the day of their posting", "Leave 'postingDay' out, and look at 'createdAt' of GET /wiki/api/v2/blogposts?title=.");
        }

        var filter = kinds[0] is ContentKind.Page or ContentKind.BlogPost ? await FilterAsync(call) : NoFilter(call, kinds[0]);
        List<ListingSource> sources = [.. kinds.Select(kind => new ListingSource(kind, kind.Path() + filter, kind == ContentKind.Attachment ? null : BodyPart.OfList(expand)))];
        var page = await new Listing(call, sources, () => V1Exception.NotFound("No such content")).ReadAsync();
        return new V1Answer(200, page.Answer(await ContentShape.ManyAsync(call, page.Content(sources), expand)));
    }

    private static async Task<string> FilterAsync(V1Call call)
    {
        var filters = new List<string> { $"status={ContentStatus.Of(call).OfList()}" };
        if (call.Query("spaceKey") is { } key)
        {
            filters.Add($"space-id={(await call.Site.SpaceAsync(key)).Id}");
        }

        if (call.Query("title") is { } title)
        {
            filters.Add($"title={V1Call.Escape(title)}");
        }

        if (call.Query("orderby") is { } order)
        {
            filters.Add($"sort={Sort(order)}");
        }

        return $"?{string.Join('&', filters)}";
    }

    private static string NoFilter(V1Call call, ContentKind kind)
    {
        foreach (var name in new[] { "spaceKey", "title", "orderby" })
        {
            if (call.Query(name) is not null)
            {
                throw V1Exception.Impossible($"v2 does not list {kind.V1Type()}s by '{name}'", $"List those of one page: GET /wiki/rest/api/content/{{id}}/child/{kind.V1Type()}.");
            }
        }

        return ContentStatus.Of(call).Names is ["current"]
            ? kind == ContentKind.Attachment ? "?status=current" : ""
            : throw V1Exception.Impossible($"v2 lists {kind.V1Type()}s that are current and no others", "Leave 'status' out.");
    }

    private static string Sort(string order)
    {
        var words = order.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var name = words.ElementAtOrDefault(0)?.ToLowerInvariant() switch
        {
            "id" => "id",
            "title" => "title",
            "created" or "createddate" or "history.createddate" => "created-date",
            "modified" or "lastmodified" or "history.lastupdated" or "version.when" => "modified-date",
            _ => throw V1Exception.Impossible($"v2 does not sort by '{order}'", "Sort by id, title, created or modified, each also with desc."),
        };
        return words.Length > 1 && words[1].Equals("desc", StringComparison.OrdinalIgnoreCase) ? "-" + name : name;
    }
}
