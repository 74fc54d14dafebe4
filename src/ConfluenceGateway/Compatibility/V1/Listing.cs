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
        var positions = call.Site.Positions(string.Join(' ', sources.Select(source => source.Address).Concat(call.QueryWithout("start", "limit", "next", "cursor", "expand")).Prepend(call.Path)));
        // It came with a link of ours, perhaps of another replica's.
        var given = start > 0 && call.Query("cursor") is { } text && Position.Parse(text, start) is { } position && position.Source < sources.Count ? position : null;
        var reading = positions.Continue(start, limit, given);
        try
        {
            return await ReadAsync(reading, start, limit);
        }
        catch (V1Exception exception) when (exception.Status == 400 && reading.Nearest(start).Start > 0)
        {
            // Most likely a cursor that is too old by now.
            reading.Forget();
            return await ReadAsync(reading, start, limit);
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task<ListingPage> ReadAsync(Reading reading, int start, int limit)
    {
        var at = sources.Count == 0 ? null : await SeekAsync(reading, start);
        var page = reading.Following(start, limit) is var (ids, begins) ? await ReadBackAsync(at, start, limit, ids, begins) : await ReadOnAsync(reading, at, start, limit);
        reading.Serve(start, limit, [.. page.Items.Select(item => item.Id)]);
        return page;
    }

    private async Task<ListingPage> ReadOnAsync(Reading reading, Position? at, int start, int limit)
    {
        // Who wants nothing is still told whether there is something.
        var items = new List<ListedItem>();
        while (at is not null && items.Count < Math.Max(limit, 1))
        {
            at = await StepAsync(at, Math.Max(limit, 1) - items.Count, items);
            if (at is not null)
            {
                reading.Learn(start + items.Count, at);
            }
        }

        return limit == 0
            ? new ListingPage(call, [], start, limit, null, items.Count > 0)
            : new ListingPage(call, items, start, limit, at, at is not null && (at.Cursor is not null || await HasAnyAsync(at)));
    }

    private async Task<ListingPage> ReadBackAsync(Position? at, int start, int limit, IReadOnlySet<string> ids, Position? begins)
    {
        // One more than asked for is the first of the page that follows, unless something was added before it.
        var items = new List<ListedItem>();
        foreach (var most in new[] { limit + 1, MostOfV2 })
        {
            for (var wanted = items.Count + most; at is not null && items.Count < wanted && !items.Exists(IsOfNext);)
            {
                at = await StepAsync(at, wanted - items.Count, items);
            }
        }

        var end = items.FindIndex(IsOfNext);
        return end < 0
            ? new ListingPage(call, items.GetRange(0, Math.Min(limit, items.Count)), start, limit, null, items.Count > limit || at is not null)
            : new ListingPage(call, items.GetRange(Math.Max(end - limit, 0), Math.Min(limit, end)), start, limit, begins, more: true);

        bool IsOfNext(ListedItem item) => ids.Contains(item.Id);
    }

    /// <summary>Where <paramref name="start"/> is; null when the listing ends before.</summary>
    private async Task<Position?> SeekAsync(Reading reading, int start)
    {
        var (reached, position) = reading.Nearest(start);
        var at = (Position?)position;
        for (var steps = 0; at is not null && reached < start; steps++)
        {
            if (steps == MostSteps)
            {
                throw V1Exception.Impossible(
                    $"v2 reads lists in order: start={start} is too far from what was read so far",
                    "Read the list from its beginning, by the next links or by adding limit to start, or ask v2 with its cursor.");
            }

            var passed = new List<ListedItem>();
            at = await StepAsync(at, start - reached, passed, isPassing: true);
            reached += passed.Count;
            if (at is not null)
            {
                reading.Learn(reached, at);
            }
        }

        return reached < start ? null : at;
    }

    /// <summary>Reads at most <paramref name="most"/> more items.</summary>
    /// <returns>Where they end; null at the end of the listing.</returns>
    private async Task<Position?> StepAsync(Position at, int most, List<ListedItem> items, bool isPassing = false)
    {
        var source = sources[at.Source];
        var only = source.Only ?? (_ => true);
        // Of a few that are meant among many, v2's calls for a few would be without end.
        var answer = await GetAsync(at, source.Only is null ? Math.Min(most, MostOfV2) : MostOfV2, isPassing);
        if (answer.Objects("results").Index().Where(result => only(result.Item)).Skip(most).FirstOrDefault() is { Item: not null } beyond)
        {
            answer = await GetAsync(at, beyond.Index, isPassing);
        }

        items.AddRange(answer.Objects("results").Where(only).Select(result => new ListedItem(at.Source, result)));
        return CursorOf(answer.Text("_links", "next")) is { } next ? at with { Cursor = next } : at.Source + 1 < sources.Count ? new Position(at.Source + 1, null) : null;
    }

    private Task<JsonObject> GetAsync(Position at, int limit, bool isPassing)
    {
        var (source, cursor) = (sources[at.Source], at.Cursor is null ? "" : $"&cursor={V1Call.Escape(at.Cursor)}");
        return call.V2.GetAsync(
            $"{source.Address}{(source.Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}{(isPassing ? "" : source.WithBody)}{cursor}", notFound);
    }

    private async Task<bool> HasAnyAsync(Position at)
    {
        var found = new List<ListedItem>();
        for (var next = (Position?)at; next is not null && found.Count == 0;)
        {
            next = await StepAsync(next, 1, found, isPassing: true);
        }

        return found.Count > 0;
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
internal sealed record ListedItem(int Source, JsonObject V2)
{
    /// <summary>Its id; of a version its number.</summary>
    public string Id => V2.Text("id") ?? V2.Text("number") ?? "";
}
