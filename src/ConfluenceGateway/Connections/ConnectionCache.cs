using System.Collections.Concurrent;
using BitFaster.Caching.Lru;

namespace ConfluenceGateway.Connections;

/// <summary>
/// The connections this replica serves, decrypted. In steady state a request reads one entry here and sends no command.
/// </summary>
/// <remarks>
/// A change notice makes an entry old. Should a notice be lost, an entry is read again after <see cref="Freshness"/>, so
/// that is the longest a replica acts on something old while the store answers. While it does not, cached tokens serve on.
/// </remarks>
internal sealed partial class ConnectionCache
{
    /// <summary>How long an entry is trusted without a look at the store.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    // After a failed look the old entry serves for this long, so that a dead store costs one wait, not one for each request.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    // An entry holds two tokens of about 2 KB each: 10,000 hot connections cost some 60 MB.
    private const int Capacity = 10_000;

    private readonly ConcurrentLru<string, Entry> _entries;
    // Held while an entry is replaced, so that nothing older can come over something newer; reading takes no lock.
    private readonly Lock _replacing = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<ConnectionSnapshot?>>> _reads = new(StringComparer.Ordinal);
    private readonly IGrantStore _grants;
    private readonly ReuseInterval _reuse;
    private readonly TimeProvider _time;
    private readonly ILogger<ConnectionCache> _logger;
    private long _missed;
    private long _notices;
    private long _storeBackAt;

    public ConnectionCache(IGrantStore grants, ConnectionChanges changes, ReuseInterval reuse, TimeProvider time, ILogger<ConnectionCache> logger, int capacity = Capacity)
    {
        _entries = new(Environment.ProcessorCount, capacity, StringComparer.Ordinal);
        _grants = grants;
        _reuse = reuse;
        _time = time;
        _logger = logger;
        changes.Changed += Age;
        changes.Missed += () =>
        {
            Volatile.Write(ref _missed, _time.GetTimestamp());
            Volatile.Write(ref _storeBackAt, _time.GetUtcNow().UtcTicks);
        };
    }

    /// <summary>The connection as this replica knows it; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">It is not known here and the store is out of reach.</exception>
    public ValueTask<ConnectionSnapshot?> GetAsync(ConnectionId id)
    {
        _entries.TryGet(id.Value, out var entry);
        return entry is not null && _time.GetTimestamp() < entry.GoodUntil && entry.ReadAt > Volatile.Read(ref _missed)
            ? new ValueTask<ConnectionSnapshot?>(entry.Snapshot)
            : new ValueTask<ConnectionSnapshot?>(SharedReadAsync(id, entry));
    }

    /// <summary>When the connection to the store came back last; the beginning of time when it never broke.</summary>
    public DateTimeOffset StoreBackAt => new(Volatile.Read(ref _storeBackAt), TimeSpan.Zero);

    /// <summary>The connections known here, the fresh and the old, in order.</summary>
    public IReadOnlyList<ConnectionId> Known =>
        [.. _entries.Select(entry => entry.Value.Snapshot?.Connection.Id).OfType<ConnectionId>().OrderBy(id => id.Value, StringComparer.Ordinal)];

    /// <summary>
    /// The connection as the store has it now, by a look that begins now. A grant that the store has forgotten and this
    /// replica still holds is written back first (R13).
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<ConnectionSnapshot?> ReadAsync(ConnectionId id)
    {
        var (startedAt, notices) = (_time.GetTimestamp(), Volatile.Read(ref _notices));
        var snapshot = await RestoreAsync(id, await _grants.ReadAsync(id));
        // A notice that came meanwhile may be about this very connection: then the look may have missed the change.
        return Keep(id, snapshot, startedAt, notices == Volatile.Read(ref _notices) ? Freshness : TimeSpan.Zero);
    }

    /// <summary>Takes over what this replica has just written.</summary>
    public void Put(ConnectionSnapshot written) => Keep(written.Connection.Id, written, _time.GetTimestamp(), Freshness);

    /// <summary>R13: what is held here is never replaced by something older. A store that lost writes gets them back.</summary>
    private async Task<ConnectionSnapshot?> RestoreAsync(ConnectionId id, ConnectionSnapshot? stored)
    {
        if (stored is null || !_entries.TryGet(id.Value, out var entry) || !IsNewer(entry.Snapshot, stored))
        {
            return stored;
        }

        var held = entry.Snapshot!.Grant!;
        if (!await _grants.RestoreAsync(id, held, stored.Grant))
        {
            // Somebody else has written in between, so the store holds something newer than what was just read.
            return await _grants.ReadAsync(id);
        }

        Log.Restored(_logger, id, stored.Grant?.Generation ?? 0, held.Generation);
        return stored with { Grant = held with { Intent = null, Rest = null } };
    }

    /// <summary>Whether what is held is newer than what was read, and alive.</summary>
    private bool IsNewer(ConnectionSnapshot? held, ConnectionSnapshot read) =>
        held is { Grant: { Death: null } grant }
        // A connection that was deleted and made again under the same id owes nothing to the one before.
        && held.Connection.CreatedAt == read.Connection.CreatedAt
        && grant.Version.IsNewerThan(read.Grant?.Version ?? default)
        && !GivesWay(grant, read.Grant);

    /// <summary>Whether another exchange of the token that gave <paramref name="held"/> was begun since then, on a store that had lost the pair.</summary>
    private bool GivesWay(Grant held, Grant? read) =>
        held.Origin is { } origin && read is { Intent: { } later } && later.Attempt > origin.Attempt
        && read.Pair.RefreshToken.Fingerprint == origin.Spent
        && _reuse.LeavesTimeAfter(origin, _time.GetUtcNow());

    // Requests that arrive while a look is under way share it.
    private Task<ConnectionSnapshot?> SharedReadAsync(ConnectionId id, Entry? known) =>
        _reads.GetOrAdd(id.Value, _ => new Lazy<Task<ConnectionSnapshot?>>(() => ReadOrKeepAsync(id, known))).Value;

    private async Task<ConnectionSnapshot?> ReadOrKeepAsync(ConnectionId id, Entry? known)
    {
        // The look is shared under its id from here on: it must not end before it is.
        await Task.Yield();
        try
        {
            return await ReadAsync(id);
        }
        // An answer without a grant may be out of date in the worst way, so then the store is missed instead.
        catch (StoreUnavailableException exception) when (known is { Snapshot.Grant: not null })
        {
            Log.ServingCached(_logger, id, exception.InnerException!);
            return KeepOn(id, known);
        }
        finally
        {
            _reads.TryRemove(id.Value, out _);
        }
    }

    /// <summary>Holds what was read or written, unless something newer came meanwhile, and says which of the two is held.</summary>
    private ConnectionSnapshot? Keep(ConnectionId id, ConnectionSnapshot? snapshot, long readAt, TimeSpan life)
    {
        lock (_replacing)
        {
            if (snapshot is not null && _entries.TryGet(id.Value, out var entry) && IsNewer(entry.Snapshot, snapshot))
            {
                return entry.Snapshot;
            }

            Replace(id, snapshot, readAt, life);
            return snapshot;
        }
    }

    /// <summary>The store did not answer: what is held serves on, be it the entry that was asked for or one that came since.</summary>
    private ConnectionSnapshot? KeepOn(ConnectionId id, Entry known)
    {
        lock (_replacing)
        {
            var held = (_entries.TryGet(id.Value, out var entry) ? entry : known).Snapshot;
            Replace(id, held, _time.GetTimestamp(), RetryInterval);
            return held;
        }
    }

    private void Replace(ConnectionId id, ConnectionSnapshot? snapshot, long readAt, TimeSpan life) =>
        _entries.AddOrUpdate(id.Value, new Entry(snapshot, readAt, readAt + (long)(life.TotalSeconds * _time.TimestampFrequency)));

    // Aged, not removed: should the store be out of reach at the next look, the old entry still serves.
    private void Age(string id)
    {
        Interlocked.Increment(ref _notices);
        lock (_replacing)
        {
            if (_entries.TryGet(id, out var entry))
            {
                _entries.TryUpdate(id, entry with { GoodUntil = 0 });
            }
        }
    }

    private sealed record Entry(ConnectionSnapshot? Snapshot, long ReadAt, long GoodUntil);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The store is out of reach: {Id} is served as it was last seen.")]
        public static partial void ServingCached(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Warning, "The store has lost writes: it had {Id} at generation {Stored}, and got generation {Held} back from this replica.")]
        public static partial void Restored(ILogger logger, ConnectionId id, long stored, long held);
    }
}
