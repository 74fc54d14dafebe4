namespace ConfluenceGateway.Connections;

/// <summary>
/// R13: looks at every connection known here as soon as the connection to the store comes back. A store that failed over or
/// restarted may have lost writes, and the sooner it has them back, the less can be built on something old.
/// </summary>
internal sealed partial class StoreRecheck(ConnectionCache connections, ConnectionChanges changes, ILogger<StoreRecheck> logger) : BackgroundService
{
    private const int AtOnce = 32;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var missed = new SemaphoreSlim(0);
        void Note() => missed.Release();
        changes.Missed += Note;
        try
        {
            while (true)
            {
                await missed.WaitAsync(stoppingToken);
                await SweepAsync();
            }
        }
        finally
        {
            changes.Missed -= Note;
        }
    }

    /// <summary>Looks at every connection known here; what the store has forgotten of it is written back.</summary>
    public async Task SweepAsync()
    {
        foreach (var some in connections.Known.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(LookAsync));
        }
    }

    private async Task LookAsync(ConnectionId id)
    {
        try
        {
            await connections.ReadAsync(id);
        }
        catch (StoreUnavailableException exception)
        {
            // Gone again: the next time it comes back is the next try, and so is the next request.
            Log.NotChecked(logger, id, exception.InnerException!);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{Id} could not be compared with the store.")]
        public static partial void NotChecked(ILogger logger, ConnectionId id, Exception exception);
    }
}
