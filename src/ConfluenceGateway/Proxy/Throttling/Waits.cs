namespace ConfluenceGateway.Proxy.Throttling;

/// <summary>How long the caller of a request has been kept waiting for its throttled calls, which may rest at the same time.</summary>
/// <param name="time">The clock.</param>
internal sealed class Waits(TimeProvider time)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _end = DateTimeOffset.MinValue;
    private TimeSpan _total;

    /// <summary>The time so far, with rests that have begun and are not over.</summary>
    public TimeSpan Total
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>Adds a rest that begins now, as far as it goes beyond those that are under way.</summary>
    public void Add(TimeSpan rest)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var (begin, end) = (_end > now ? _end : now, now + rest);
            if (end > begin)
            {
                _total += end - begin;
                _end = end;
            }
        }
    }
}
