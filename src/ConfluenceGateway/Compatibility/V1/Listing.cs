using System.Text.Json.Nodes;
using System.Web;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>A listing of v1, read from one or more of v2 in turn: <c>start</c> and <c>limit</c> on top of cursors.</summary>
/// <param name="call">The call that wants it.</param>
/// <param name="sources">What v2 has it in.</param>
/// <param name="notFound">What v1 says is not there, when v2 answers 404.</param>
internal sealed class Listing(V1Call call, IReadOnlyList<ListingSource> sources, Func<V1Exception> notFound)
{
    /// <summary>The most results that v1 gives at a time.</summary>
    public const int MostResults = 1000;

    // What v2 gives at a time.
    private const int MostOfV2 = 250;

    // A client that jumps this far is better served by what follows "next"; each of these calls costs quota.
    private const int MostSteps = 40;

    /// <summary>Reads what the call's <c>start</c> and <c>limit</c> ask for.</summary>
    /// <param name="standardLimit">v1's <c>limit</c> when the call has none.</param>
    /// <exception cref="V1Exception">A parameter is wrong, what is listed is not there, or it could not be read.</exception>
    public async Task<ListingPage> ReadAsync(int standardLimit = 25)
    {
        var (start, limit) = (call.Number("start", 0), Math.Min(call.Number("limit", standardLimit), MostResults));
        var positions = call.Site.Positions($"{call.Path.Split('?')[0]} {string.Join(' ', sources.Select(source => source.Address))}");
        if (call.Query("cursor") is { } text && Position.Parse(text, start) is { } given && given.Source < sources.Count)
        {
            // It came with a link of ours, perhaps of another replica's.
            positions.Learn(start, given);
        }

        try
        {
            return await ReadAsync(positions, start, limit);
        }
        catch (V1Exception exception) when (exception.Status == 400 && start > 0 && positions.Nearest(start).Start > 0)
        {
            // Most likely a cursor that is too old by now.
            positions.Clear();
            return await ReadAsync(positions, start, limit);
        }
    }

    private async Task<ListingPage> ReadAsync(ListingPositions positions, int start, int limit)
    {
        var at = sources.Count == 0 ? null : await SeekAsync(positions, start);
        var items = new List<ListedItem>();
        while (at is not null && items.Count < limit)
        {
            var (results, next) = await StepAsync(at, Math.Min(limit - items.Count, MostOfV2), sources[at.Source].WithBody);
            var source = at.Source;
            items.AddRange(results.Select(result => new ListedItem(source, result)));
            at = next;
            if (at is not null)
            {
                positions.Learn(start + items.Count, at);
            }
        }

        var served = positions.Serve(start, limit, [.. items.Select(item => item.V2.Text("id") ?? item.V2.Text("number") ?? "")]);
        var more = served < items.Count || at is not null && (at.Cursor is not null || limit == 0 || await HasAnyAsync(at));
        return new ListingPage(call, [.. items.Take(served)], start, limit, served == items.Count ? at : null, more);
    }

    /// <summary>Where <paramref name="start"/> is; null when the listing ends before.</summary>
    private async Task<Position?> SeekAsync(ListingPositions positions, int start)
    {
        var (reached, position) = positions.Nearest(start);
        var at = (Position?)position;
        for (var steps = 0; at is not null && reached < start; steps++)
        {
            if (steps == MostSteps)
            {
                throw V1Exception.Impossible(
                    $"v2 reads lists in order: start={start} is too far from what was read so far",
                    "Read the list from its beginning, by the next links or by adding limit to start, or ask v2 with its cursor.");
            }

            var (results, next) = await StepAsync(at, Math.Min(start - reached, MostOfV2), withBody: "");
            reached += results.Count;
            at = next;
            if (at is not null)
            {
                positions.Learn(reached, at);
            }
        }

        return reached < start ? null : at;
    }

    private async Task<(IReadOnlyList<JsonObject> Results, Position? Next)> StepAsync(Position at, int limit, string withBody)
    {
        var source = sources[at.Source];
        var cursor = at.Cursor is null ? "" : $"&cursor={V1Call.Escape(at.Cursor)}";
        var answer = await call.V2.GetAsync($"{source.Address}{(source.Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}{withBody}{cursor}", notFound);
        var next = CursorOf(answer.Text("_links", "next"));
        var results = source.Only is null ? answer.Objects("results") : answer.Objects("results").Where(source.Only);
        return ([.. results], next is not null ? at with { Cursor = next } : at.Source + 1 < sources.Count ? new Position(at.Source + 1, null) : null);
    }

    private async Task<bool> HasAnyAsync(Position at)
    {
        for (var source = at.Source; source < sources.Count; source++)
        {
            if ((await StepAsync(new Position(source, null), 1, withBody: "")).Results.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The cursor in v2's link to the next page; null on the last one.</summary>
    public static string? CursorOf(string? next) =>
        next is not null && next.IndexOf('?', StringComparison.Ordinal) is var query and >= 0 ? HttpUtility.ParseQueryString(next[query..])["cursor"] : null;
}

/// <summary>A listing of v2.</summary>
/// <param name="Kind">What it lists; null for what is no content.</param>
/// <param name="Address">Its path below <c>/wiki/api/v2</c> with the filters.</param>
/// <param name="BodyFormat">The representation that its items come with; null for none.</param>
/// <param name="Only">Which of its items are meant, where v2 cannot be asked for them alone; null for all.</param>
internal sealed record ListingSource(ContentKind? Kind, string Address, string? BodyFormat = null, Func<JsonObject, bool>? Only = null)
{
    /// <summary>The parameter that asks for bodies.</summary>
    public string WithBody => BodyFormat is null ? "" : $"&body-format={BodyFormat}";
}

/// <summary>An item of a listing, as v2 gives it.</summary>
/// <param name="Source">Which of the sources it comes from.</param>
/// <param name="V2">The item.</param>
internal sealed record ListedItem(int Source, JsonObject V2);

/// <summary>A page of a listing.</summary>
/// <param name="call">The call.</param>
/// <param name="items">What is on it.</param>
/// <param name="start">Where it begins.</param>
/// <param name="limit">How long it may be.</param>
/// <param name="next">Where the next page begins; null when that is not known.</param>
/// <param name="more">Whether there is a next page.</param>
internal sealed class ListingPage(V1Call call, IReadOnlyList<ListedItem> items, int start, int limit, Position? next, bool more)
{
    /// <summary>What is on it.</summary>
    public IReadOnlyList<ListedItem> Items => items;

    /// <summary>What is on it, as content.</summary>
    public IReadOnlyList<ContentItem> Content(IReadOnlyList<ListingSource> sources)
    {
        var content = items.Select(item => new ContentItem(sources[item.Source].Kind!.Value, item.V2)).ToList();
        content.ForEach(item => call.Site.Learn(item.Id, item.Kind));
        return content;
    }

    /// <summary>The page as v1 gives it.</summary>
    /// <param name="results">What v1 makes of the items.</param>
    public JsonObject Answer(IEnumerable<JsonNode?> results)
    {
        var links = V1Links.OfList(call);
        if (more)
        {
            var cursor = next is null ? "" : $"&cursor={V1Call.Escape(next.At(start + items.Count))}";
            links["next"] = $"{call.Path}?{string.Join('&', call.QueryWithout("start", "limit", "next", "cursor").Prepend("next=true"))}&limit={limit}&start={start + items.Count}{cursor}";
        }

        return new JsonObject
        {
            ["results"] = new JsonArray([.. results]),
            ["start"] = start,
            ["limit"] = limit,
            ["size"] = items.Count,
            ["_links"] = links,
        };
    }
}
