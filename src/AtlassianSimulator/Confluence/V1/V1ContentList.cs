using System.Globalization;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's list of content: its filters and its order.</summary>
internal static class V1ContentList
{
    public static ConfluenceAnswer Answer(ConfluenceCall call)
    {
        var type = call.Query("type") ?? "page";
        _ = V1Query.Kind(type) ?? throw V1Exception.Invalid($"Unknown content type : {type}");
        var space = call.Query("spaceKey") is { } key ? V1Query.Space(call, key) : null;
        var title = call.Query("title");
        var day = PostingDay(call);
        var statuses = V1Query.Statuses(call);
        var found = call.Site.All.Where(content =>
            V1Query.Type(content) == type
            && (space is null || content.SpaceId == space.Id)
            && (title is null || content.Title.Equals(title, StringComparison.OrdinalIgnoreCase))
            && (day is null || content.Kind != ContentKind.BlogPost || DateOnly.FromDateTime(content.First.CreatedAt.UtcDateTime) == day)
            && (statuses.Contains("any") || (statuses.Count == 0 ? content.Status == "current" : statuses.Contains(content.Status))));
        var expand = Expand.Of(call);
        return V1Paging.Page(call, Sorted(call, found), content => V1Shapes.Content(call, content, expand));
    }

    private static DateOnly? PostingDay(ConfluenceCall call) => call.Query("postingDay") is not { } text
        ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw V1Exception.Invalid("postingDay must be a day such as 2024-03-04");

    /// <summary>Sorts by id unless <c>orderby</c> says <c>field</c> or <c>field asc|desc</c>.</summary>
    private static IEnumerable<Content> Sorted(ConfluenceCall call, IEnumerable<Content> content)
    {
        var order = call.Query("orderby") ?? "id";
        var words = order.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ascending = words[0].ToLowerInvariant() switch
        {
            "id" => content.OrderBy(item => item.Id),
            "created" or "createddate" or "history.createddate" => content.OrderBy(item => item.First.CreatedAt).ThenBy(item => item.Id),
            "modified" or "lastmodified" or "version.when" or "history.lastupdated" or "history.lastupdated.when" =>
                content.OrderBy(item => item.Latest.CreatedAt).ThenBy(item => item.Id),
            "title" => content.OrderBy(item => item.Title, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Id),
            _ => throw V1Exception.Invalid($"Cannot order by : {order}"),
        };
        return words.ElementAtOrDefault(1)?.ToLowerInvariant() switch
        {
            null or "asc" => ascending,
            "desc" => ascending.Reverse(),
            _ => throw V1Exception.Invalid($"Cannot order by : {order}"),
        };
    }
}
