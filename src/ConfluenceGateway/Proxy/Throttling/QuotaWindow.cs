using System.Collections.Concurrent;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Proxy.Throttling;

/// <summary>The points used in one window of the quota: as all replicas had them at the last exchange, and what was counted here since.</summary>
/// <param name="begin">When it began, which is also its name. It ends an hour later, unless Atlassian says otherwise.</param>
internal sealed class QuotaWindow(DateTimeOffset begin)
{
    /// <summary>How long a window lasts.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromHours(1);

    // What Atlassian tells is whole seconds from an answer on, so it is a little different each time.
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ConnectionId, Points> _connections = new();
    private readonly Points _app = new();
    private long _endTicks = (begin + Length).UtcTicks;
    private long _connectionsHere;
    private long _connectionsKnown;

    /// <summary>When it began.</summary>
    public DateTimeOffset Begin => begin;

    /// <summary>When it ends.</summary>
    public DateTimeOffset End => new(Interlocked.Read(ref _endTicks), TimeSpan.Zero);

    /// <summary>The points of all connections.</summary>
    public long Used => _app.Total;

    /// <summary>How many connections used any.</summary>
    public long Connections => Math.Max(Interlocked.Read(ref _connectionsHere), Interlocked.Read(ref _connectionsKnown));

    /// <summary>The clock's hour.</summary>
    public static QuotaWindow Around(DateTimeOffset now) => new(new DateTimeOffset(now.UtcTicks - now.UtcTicks % Length.Ticks, TimeSpan.Zero));

    /// <summary>The window around <paramref name="now"/>, a whole number of hours after the end of this one.</summary>
    public QuotaWindow After(DateTimeOffset now) => new(End + Length * Math.Floor((now - End) / Length));

    /// <summary>Takes over when Atlassian ends the window, to the minute; what was counted stays.</summary>
    public void EndAt(DateTimeOffset end)
    {
        // Around its begin that is still the end of the last one.
        if (end - begin > Precision && (end - End).Duration() > Precision)
        {
            Interlocked.Exchange(ref _endTicks, (end.UtcTicks + Precision.Ticks / 2) / Precision.Ticks * Precision.Ticks);
        }
    }

    /// <summary>The points of a connection.</summary>
    public long UsedBy(ConnectionId id) => _connections.TryGetValue(id, out var used) ? used.Total : 0;

    /// <summary>Counts points of a connection.</summary>
    public void Count(ConnectionId id, long points)
    {
        if (!_connections.TryGetValue(id, out var used))
        {
            var first = new Points();
            used = _connections.GetOrAdd(id, first);
            if (ReferenceEquals(used, first))
            {
                // The dictionary's own count takes its locks.
                Interlocked.Increment(ref _connectionsHere);
            }
        }

        used.Add(points);
        _app.Add(points);
    }

    /// <summary>What was counted here since the last exchange.</summary>
    public IReadOnlyList<CountedPoints> Counted() =>
        [.. _connections.Select(one => new CountedPoints(one.Key, one.Value.Unreported)).Where(one => one.Points > 0)];

    /// <summary>Takes over what all replicas have counted, these points among them.</summary>
    public void Exchanged(IReadOnlyList<CountedPoints> counted, QuotaTotal total)
    {
        foreach (var ((id, points), own) in counted.Zip(total.Own))
        {
            _connections[id].Exchanged(points, own);
        }

        _app.Exchanged(counted.Sum(one => one.Points), total.Points);
        Interlocked.Exchange(ref _connectionsKnown, Math.Max(_connectionsKnown, total.Connections));
    }

    /// <summary>A sum that other replicas add to, too.</summary>
    private sealed class Points
    {
        private long _counted;
        private long _reported;
        private long _known;

        public long Unreported => Interlocked.Read(ref _counted) - Interlocked.Read(ref _reported);

        public long Total => Interlocked.Read(ref _known) + Unreported;

        public void Add(long points) => Interlocked.Add(ref _counted, points);

        public void Exchanged(long points, long total)
        {
            // In this order a request in between sees too few points, and no one is refused for points that are counted twice. A
            // store that was restarted may have forgotten what it had; within a window that is never less.
            var known = Math.Max(_known + points, total);
            Interlocked.Add(ref _reported, points);
            Interlocked.Exchange(ref _known, known);
        }
    }
}
