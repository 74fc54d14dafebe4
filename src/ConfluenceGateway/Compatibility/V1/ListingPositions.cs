namespace ConfluenceGateway.Compatibility.V1;

/// <summary>
/// The readings of one listing that are under way. v1 counts from a listing's beginning and v2 goes on from a cursor; a listing changes
/// while it is read, so each reader goes by the cursors of its own pages, not by those of another.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ListingPositions(TimeProvider time)
{
    private const int MostReadings = 8;

    private readonly Lock _gate = new();

    // The one that was used last comes last.
    private readonly List<Reading> _readings = [];

    /// <summary>The reading that a page belongs to; the caller does not say, so it is known by what was read before.</summary>
    /// <param name="start">Where the page begins.</param>
    /// <param name="limit">How long it may be.</param>
    /// <param name="given">The position that came with the call; null when it counts.</param>
    public Reading Continue(int start, int limit, Position? given)
    {
        lock (_gate)
        {
            // Of several that wait for the same page, the last: it knows the listing as it is now, and the others may have been given up.
            _readings.RemoveAll(each => each.IsAbandoned);
            var reading = _readings.FindLast(each => each.GoesOn(start, limit, given))
                ?? _readings.FindLast(each => each.GoesBack(start, limit, given))
                ?? _readings.FindLast(each => each.Repeats(start, limit, given))
                ?? Begun(start);
            _readings.Remove(reading);
            _readings.Add(reading);
            reading.Take();
            if (given is not null)
            {
                reading.Learn(start, given);
            }

            return reading;
        }
    }

    private Reading Begun(int start)
    {
        var reading = new Reading(time);
        if (start > 0)
        {
            // Who jumps into a listing saves the way that another has just gone.
            var (at, position) = _readings.Select(each => each.NearestFresh(start)).Append((0, Position.Beginning)).MaxBy(nearest => nearest.Item1);
            reading.Learn(at, position);
        }

        if (_readings.Count == MostReadings)
        {
            _readings.Remove(_readings.Find(each => !each.IsUnderWay) ?? _readings[0]);
        }

        return reading;
    }
}
