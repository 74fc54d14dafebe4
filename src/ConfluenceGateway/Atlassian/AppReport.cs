using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Atlassian;

/// <summary>Tells all replicas how this one's app fares at the token endpoint: at once when that changes, and every minute.</summary>
internal sealed partial class AppReport(
    ConfigurationCircuit circuit, AppStanding standing, OutboxRelay relay, TimeProvider time, ILogger<AppReport> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);
    private readonly Signal _changed = new();

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        circuit.Changed += _changed.Ring;
        try
        {
            while (true)
            {
                await _changed.WaitAsync(await TryReportAsync() ? Interval : RetryInterval, time, stoppingToken);
            }
        }
        finally
        {
            circuit.Changed -= _changed.Ring;
        }
    }

    private async Task<bool> TryReportAsync()
    {
        try
        {
            await standing.ReportAsync(circuit.Evidence);
            // Nothing else looks at the app's outbox, should the replica that told have vanished.
            return await relay.TryDrainAsync(ConnectionEvents.App);
        }
        catch (StoreUnavailableException exception)
        {
            Log.NotNow(logger, exception.InnerException!);
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Caught once, here: a report is no reason to stop the gateway.
            Log.Broken(logger, exception);
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "How the app fares cannot be told while the store is out of reach.")]
        public static partial void NotNow(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "How the app fares could not be told.")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
