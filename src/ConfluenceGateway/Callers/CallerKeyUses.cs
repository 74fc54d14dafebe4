using System.Collections.Concurrent;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Callers;

/// <summary>When which caller key was last accepted here. A request notes it in memory; the store learns of it once a minute.</summary>
internal sealed partial class CallerKeyUses(CallerKeyStore store, TimeProvider time, ILogger<CallerKeyUses> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private const int Batch = 500;
    private readonly ConcurrentDictionary<string, long> _uses = new(StringComparer.Ordinal);

    /// <summary>The key was accepted now. Within a second this takes no lock after the first time.</summary>
    /// <param name="id">A key that exists, since each is remembered until the store has it.</param>
    public void Note(string id)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (!_uses.TryGetValue(id, out var known) || known < now)
        {
            _uses[id] = now;
        }
    }

    /// <summary>Tells the store what was noted since the last time.</summary>
    public async Task FlushAsync()
    {
        foreach (var noted in _uses.ToArray().Chunk(Batch))
        {
            try
            {
                await store.NoteUsesAsync(noted);
            }
            catch (StoreUnavailableException exception)
            {
                Log.NotNow(logger, exception.InnerException!);
                return;
            }

            foreach (var use in noted)
            {
                // Only this very use: a later one that came meanwhile is told the next time.
                _uses.TryRemove(use);
            }
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FlushAsync();
            }
            catch (Exception exception)
            {
                // Caught once, here: a defect must not end the process, which serves without this too.
                Log.Broken(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The last uses of caller keys are told once the store is back.")]
        public static partial void NotNow(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "The last uses of caller keys could not be told.")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
