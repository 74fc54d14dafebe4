using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>
/// A summary of every connection, in memory, so that a hundred thousand are searched and counted in milliseconds. It is loaded
/// behind the start, and a change notice makes one of them old.
/// </summary>
/// <remarks>
/// Whoever asks brings it up to date first, so what was written on this replica is in the answer, and changes that nobody asks
/// after cost nothing but a note.
/// </remarks>
internal sealed partial class ConnectionDirectory(
    RedisConnection redis, RedisKeys keys, ConnectionStore store, ConnectionChanges changes, TimeProvider time, ILogger<ConnectionDirectory> logger) : BackgroundService
{
    /// <summary>After this everything is read again, should a notice have been lost without a sign.</summary>
    public static readonly TimeSpan ReloadInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    // So many reads are under way at a time.
    private const int Batch = 500;

    private readonly SemaphoreSlim _updating = new(1);
    private readonly Signal _signal = new();
    private readonly Lock _noting = new();
    private HashSet<string> _stale = new(StringComparer.Ordinal);
    private bool _isMissed = true;
    private SortedDictionary<string, ConnectionSummary> _known = new(StringComparer.Ordinal);
    private IReadOnlyList<ConnectionSummary> _listed = [];

    /// <summary>Every connection, in the order of their ids.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public async Task<IReadOnlyList<ConnectionSummary>> ListAsync(CancellationToken cancellationToken)
    {
        // One brings it up to date, the others find it done.
        await _updating.WaitAsync(cancellationToken);
        try
        {
            await UpdateAsync();
            return _listed;
        }
        finally
        {
            _updating.Release();
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _updating.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        changes.Changed += Note;
        changes.Missed += NoteMissed;
        try
        {
            while (true)
            {
                if (!await _signal.WaitAsync(await TryUpdateAsync(stoppingToken) ? ReloadInterval : RetryInterval, time, stoppingToken))
                {
                    NoteMissed();
                }
            }
        }
        finally
        {
            changes.Changed -= Note;
            changes.Missed -= NoteMissed;
        }
    }

    private void Note(string id)
    {
        lock (_noting)
        {
            _stale.Add(id);
        }
    }

    private void NoteMissed()
    {
        lock (_noting)
        {
            _isMissed = true;
        }

        _signal.Ring();
    }

    private async Task<bool> TryUpdateAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ListAsync(stoppingToken);
            return true;
        }
        catch (StoreUnavailableException exception)
        {
            Log.NotNow(logger, exception.InnerException!);
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Caught once, here: a record that cannot be read must not end the process, which serves without this.
            Log.Broken(logger, exception);
            return true;
        }
    }

    private async Task UpdateAsync()
    {
        HashSet<string> stale;
        bool isMissed;
        lock (_noting)
        {
            (stale, _stale) = (_stale, new HashSet<string>(StringComparer.Ordinal));
            (isMissed, _isMissed) = (_isMissed, false);
        }

        if (!isMissed && stale.Count == 0)
        {
            return;
        }

        try
        {
            if (isMissed)
            {
                await ReloadAsync();
            }
            else
            {
                await ReadAsync(_known, [.. stale]);
            }

            _listed = [.. _known.Values];
        }
        catch
        {
            lock (_noting)
            {
                _stale.UnionWith(stale);
                _isMissed |= isMissed;
            }

            throw;
        }
    }

    private async Task ReloadAsync()
    {
        var known = new SortedDictionary<string, ConnectionSummary>(StringComparer.Ordinal);
        IReadOnlyList<ConnectionId> ids = [];
        do
        {
            ids = await store.ListAsync(ids.Count == 0 ? null : ids[^1].Value, Batch);
            await ReadAsync(known, [.. ids.Select(id => id.Value)]);
        }
        while (ids.Count == Batch);

        _known = known;
    }

    private Task<bool> ReadAsync(SortedDictionary<string, ConnectionSummary> known, string[] ids) => StoreUnavailableException.GuardAsync(async () =>
    {
        foreach (var some in ids.Chunk(Batch))
        {
            var summaries = await Task.WhenAll(some.Select(id => ConnectionSummary.ReadAsync(redis.Database, keys, id)));
            foreach (var (id, summary) in some.Zip(summaries))
            {
                if (summary is null)
                {
                    known.Remove(id);
                }
                else
                {
                    known[id] = summary;
                }
            }
        }

        return true;
    });

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The directory of connections cannot be read while the store is out of reach.")]
        public static partial void NotNow(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "The directory of connections could not be read.")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
