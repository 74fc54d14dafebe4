using System.Collections.Concurrent;
using BitFaster.Caching.Lru;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Callers;

/// <summary>
/// The caller keys that were sent to this replica, by fingerprint, the known and the unknown. In steady state a request reads one
/// entry here and sends no command.
/// </summary>
/// <remarks>
/// What was read before the newest change is read again, and <see cref="CallerKeyWatch"/> looks for changes all the time. While the
/// store is out of reach known keys are good as they were last seen.
/// </remarks>
internal sealed partial class CallerKeyCache(CallerKeyStore store, TimeProvider time, ILogger<CallerKeyCache> logger)
{
    private const int Capacity = 10_000;

    // Apart from the known, so that somebody who guesses cannot drive those out.
    private const int UnknownCapacity = 1_000;

    // After a failed look the old entry serves for this long, so that a dead store costs one wait, not one for each request.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentLru<string, Entry> _known = new(Environment.ProcessorCount, Capacity, StringComparer.Ordinal);
    private readonly ConcurrentLru<string, long> _unknown = new(Environment.ProcessorCount, UnknownCapacity, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Fingerprint, long Epoch), Lazy<Task<CallerKey?>>> _reads = new();
    private readonly Lock _observing = new();
    private string? _stamp;
    private long _epoch = 1;

    /// <summary>The key with this fingerprint; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">It is not known here and the store is out of reach.</exception>
    public ValueTask<CallerKey?> FindAsync(string fingerprint)
    {
        var epoch = Volatile.Read(ref _epoch);
        return _known.TryGet(fingerprint, out var entry) && entry.Epoch == epoch && time.GetTimestamp() < entry.GoodUntil ? new ValueTask<CallerKey?>(entry.Key)
            : _unknown.TryGet(fingerprint, out var unknownIn) && unknownIn == epoch ? new ValueTask<CallerKey?>((CallerKey?)null)
            // Who asks after a change does not share a look that began before it.
            : new ValueTask<CallerKey?>(_reads.GetOrAdd((fingerprint, epoch), _ => new Lazy<Task<CallerKey?>>(() => ReadAsync(fingerprint, epoch, entry))).Value);
    }

    /// <summary>Takes the stamp of a change. One that is not the last one seen here makes everything old that was read before.</summary>
    public void Observe(string? stamp)
    {
        lock (_observing)
        {
            if (stamp != _stamp)
            {
                _stamp = stamp;
                Interlocked.Increment(ref _epoch);
            }
        }
    }

    private async Task<CallerKey?> ReadAsync(string fingerprint, long epoch, Entry? known)
    {
        // The look is shared under its fingerprint from here on: it must not end before it is.
        await Task.Yield();
        try
        {
            if (await store.FindByFingerprintAsync(fingerprint) is { } key)
            {
                _known.AddOrUpdate(fingerprint, new Entry(key, epoch, long.MaxValue));
                return key;
            }

            _known.TryRemove(fingerprint);
            _unknown.AddOrUpdate(fingerprint, epoch);
            return null;
        }
        catch (StoreUnavailableException exception) when (known is not null)
        {
            Log.ServingKnown(logger, known.Key.Id, exception.InnerException!);
            _known.AddOrUpdate(fingerprint, known with { Epoch = epoch, GoodUntil = time.GetTimestamp() + (long)(RetryInterval.TotalSeconds * time.TimestampFrequency) });
            return known.Key;
        }
        finally
        {
            _reads.TryRemove((fingerprint, epoch), out _);
        }
    }

    private sealed record Entry(CallerKey Key, long Epoch, long GoodUntil);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The store is out of reach: caller key {Id} is good as it was last seen.")]
        public static partial void ServingKnown(ILogger logger, string id, Exception exception);
    }
}
