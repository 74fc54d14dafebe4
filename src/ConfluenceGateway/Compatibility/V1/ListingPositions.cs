using System.Globalization;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Where the pages of one listing begin, as far as it was read: v1 counts from its beginning, v2 goes on from a cursor.</summary>
internal sealed class ListingPositions
{
    // A position is a few hundred bytes, and no one counts further by hand.
    private const int Most = 2_000;

    private readonly SortedList<int, Position> _known = [];
    private readonly Lock _gate = new();
    private (int Start, HashSet<string> Ids)? _last;

    /// <summary>The known position that is nearest to <paramref name="start"/> from below; the beginning when there is none.</summary>
    public (int Start, Position Position) Nearest(int start)
    {
        lock (_gate)
        {
            for (var (low, high, best) = (0, _known.Count - 1, -1); ;)
            {
                if (low > high)
                {
                    return best < 0 ? (0, Position.Beginning) : (_known.Keys[best], _known.Values[best]);
                }

                var middle = (low + high) / 2;
                if (_known.Keys[middle] <= start)
                {
                    (best, low) = (middle, middle + 1);
                }
                else
                {
                    high = middle - 1;
                }
            }
        }
    }

    /// <summary>Remembers a position.</summary>
    public void Learn(int start, Position position)
    {
        lock (_gate)
        {
            if (start > 0 && (_known.Count < Most || _known.ContainsKey(start)))
            {
                _known[start] = position;
            }
        }
    }

    /// <summary>Forgets all positions: the cursors are not taken any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _known.Clear();
        }
    }

    /// <summary>
    /// Notes what is given from <paramref name="start"/> on, and tells how much of it may be given: who reads backwards has the
    /// page that follows already, and what was removed meanwhile has moved its first items into this one.
    /// </summary>
    /// <param name="start">Where the page begins.</param>
    /// <param name="limit">How long it may be.</param>
    /// <param name="ids">The ids of its items.</param>
    public int Serve(int start, int limit, IReadOnlyList<string> ids)
    {
        lock (_gate)
        {
            var again = _last is { } last && last.Start == start + limit ? ids.TakeWhile(id => !last.Ids.Contains(id)).Count() : ids.Count;
            _last = (start, new HashSet<string>(ids.Take(again), StringComparer.Ordinal));
            return again;
        }
    }
}

/// <summary>A place in a listing that may be put together of several of v2.</summary>
/// <param name="Source">Which of them.</param>
/// <param name="Cursor">Where in it; null for its beginning.</param>
internal sealed record Position(int Source, string? Cursor)
{
    /// <summary>The beginning.</summary>
    public static Position Beginning { get; } = new(0, null);

    /// <summary>As it stands in a <c>next</c> link, with the <c>start</c> that it belongs to.</summary>
    public string At(int start) => string.Create(CultureInfo.InvariantCulture, $"{start}:{Source}:{Cursor}");

    /// <summary>
    /// Reads what a <c>next</c> link said; null when it is no position, or that of another <c>start</c>: some clients take the link's
    /// query along and count <c>start</c> on by themselves.
    /// </summary>
    public static Position? Parse(string text, int start) =>
        text.Split(':', 3) is [var at, var index, var cursor] && at == start.ToString(CultureInfo.InvariantCulture)
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var source)
            ? new Position(source, cursor.Length > 0 ? cursor : null)
            : null;
}
