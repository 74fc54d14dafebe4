namespace ConfluenceGateway.Compatibility.V1;

/// <summary>One reader's way through a listing: where the pages began that it read, and what was on the last of them.</summary>
internal sealed class Reading
{
    // A position is a few hundred bytes. With fewer of them, a jump back takes one call more.
    private const int Most = 256;

    // What changes in a listing meanwhile puts another reader's count wrong.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    // Who comes later counts anew.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly SortedList<int, (Position Position, long At)> _known = [];
    private readonly TimeProvider _time;
    private Page? _last;
    private long _usedAt;
    private bool _isTaken;
    private bool _goesForward;

    /// <summary>A reading that nothing is known of yet.</summary>
    public Reading(TimeProvider time)
    {
        _time = time;
        _usedAt = time.GetTimestamp();
    }

    /// <summary>Whether its reader has not come for so long that another may be taken for it.</summary>
    public bool IsAbandoned => _time.GetElapsedTime(Volatile.Read(ref _usedAt)) > Life;

    /// <summary>Whether more than one page was read.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Whether a page is the one after the last.</summary>
    public bool GoesOn(int start, int limit, Position? given)
    {
        lock (_gate)
        {
            return start > 0 && !_isTaken && _last is { } last && last.End == start && last.Limit == limit && (given is null || _known.GetValueOrDefault(start).Position == given);
        }
    }

    /// <summary>Whether a page is the one before the last, of a reading that does not go forward.</summary>
    public bool GoesBack(int start, int limit, Position? given)
    {
        lock (_gate)
        {
            return given is null && !_isTaken && !_goesForward && _last is { } last && last.Start == start + limit;
        }
    }

    /// <summary>Whether a page is asked for again: its answer was lost.</summary>
    public bool Repeats(int start, int limit, Position? given)
    {
        lock (_gate)
        {
            return start > 0 && _last is { } last && last.Start == start && last.Limit == limit && (given is null || _known.GetValueOrDefault(start).Position == given);
        }
    }

    /// <summary>Lets no other reader go on with this reading.</summary>
    public void Take()
    {
        lock (_gate)
        {
            _isTaken = true;
            _usedAt = _time.GetTimestamp();
        }
    }

    /// <summary>Lets its reader go on: a page was served, or could not be.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _isTaken = false;
        }
    }

    /// <summary>The known position that is nearest to <paramref name="start"/> from below; the beginning when there is none.</summary>
    public (int Start, Position Position) Nearest(int start)
    {
        lock (_gate)
        {
            var (low, high) = (0, _known.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _known.Keys[middle] <= start ? (middle + 1, high) : (low, middle);
            }

            return low == 0 ? (0, Position.Beginning) : (_known.Keys[low - 1], _known.Values[low - 1].Position);
        }
    }

    /// <summary>The nearest position from below that was learned a moment ago; the beginning when there is none.</summary>
    public (int Start, Position Position) NearestFresh(int start)
    {
        lock (_gate)
        {
            var (at, known) = _known.LastOrDefault(known => known.Key <= start && _time.GetElapsedTime(known.Value.At) < Fresh);
            return at == 0 ? (0, Position.Beginning) : (at, known.Position);
        }
    }

    /// <summary>Remembers a position.</summary>
    public void Learn(int start, Position position)
    {
        lock (_gate)
        {
            if (_known.Count == Most && !_known.ContainsKey(start))
            {
                for (var index = Most - 2; index >= 0; index -= 2)
                {
                    _known.RemoveAt(index);
                }
            }

            if (start > 0)
            {
                _known[start] = (position, _time.GetTimestamp());
            }
        }
    }

    /// <summary>Forgets all positions: the cursors are not taken any more.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _known.Clear();
        }
    }

    /// <summary>
    /// The ids of the page that follows, and where it begins, for who reads backwards: what was added or removed meanwhile has moved
    /// everything, and the page has to end where that one begins. Null for who does not.
    /// </summary>
    public (IReadOnlySet<string> Ids, Position? Begins)? Following(int start, int limit)
    {
        lock (_gate)
        {
            return !_goesForward && _last is { } last && last.Start == start + limit ? (last.Ids, _known.GetValueOrDefault(last.Start).Position) : null;
        }
    }

    /// <summary>Notes a page that is served.</summary>
    public void Serve(int start, int limit, IReadOnlyList<string> ids)
    {
        var page = new Page(start, limit, start + ids.Count, ids.ToHashSet(StringComparer.Ordinal));
        lock (_gate)
        {
            IsUnderWay |= _last is not null;
            _goesForward |= start == 0 || _last is { } last && start > last.Start;
            _last = page;
        }
    }

    private sealed record Page(int Start, int Limit, int End, HashSet<string> Ids);
}
