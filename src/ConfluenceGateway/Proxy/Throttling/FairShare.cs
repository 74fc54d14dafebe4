using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Proxy.Throttling;

/// <summary>
/// Keeps the last fifth of the app's hourly quota for the connections that have used less than their share, so that a noisy
/// one does not get all the others throttled. Until then everybody may use what the others leave.
/// </summary>
/// <remarks>
/// A request costs one look into a dictionary. Replicas add up what they counted every five seconds, in Redis; while that is out
/// of reach each goes on with what it knows.
/// </remarks>
internal sealed partial class FairShare(
    QuotaTotals totals, AppQuota quota, GatewayMetrics metrics, IOptions<ThrottlingOptions> options, IOptions<AtlassianOptions> atlassian,
    TimeProvider time, ILogger<FairShare> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly FairShareMode _mode = options.Value.FairShare;
    private QuotaWindow _window = QuotaWindow.Around(time.GetUtcNow());
    private bool _storeIsOut;

    /// <summary>Counts a request that is about to be sent, unless its connection is to wait.</summary>
    /// <param name="id">The connection; one that exists, since each is remembered until the window ends.</param>
    /// <param name="method">The method.</param>
    /// <param name="pathAndQuery">The address as it is sent, from any segment on.</param>
    /// <returns>How long until the connection may come again, more than zero; null when the request may be sent.</returns>
    public TimeSpan? Refusal(ConnectionId id, string method, string pathAndQuery)
    {
        if (_mode == FairShareMode.Off)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var window = At(now);
        if (IsOver(window, id))
        {
            metrics.FairShareRefusals.WithLabels(_mode == FairShareMode.Enforce ? "enforce" : "observe").Inc();
            if (_mode == FairShareMode.Enforce && window.End - now is var wait && wait > TimeSpan.Zero)
            {
                return wait;
            }
        }

        window.Count(id, PointsEstimate.Of(method, pathAndQuery));
        return null;
    }

    /// <summary>Counts a request that the gateway makes of its own to answer one that may be sent.</summary>
    public void Count(ConnectionId id, string method, string pathAndQuery)
    {
        if (_mode != FairShareMode.Off)
        {
            At(time.GetUtcNow()).Count(id, PointsEstimate.Of(method, pathAndQuery));
        }
    }

    /// <summary>Tells the other replicas what was counted here, and learns what they counted.</summary>
    public async Task ExchangeAsync()
    {
        var window = At(time.GetUtcNow());
        if (quota.ResetsAt is { } end)
        {
            window.EndAt(end);
        }

        quota.Counted = new QuotaCount(window.Used, window.Connections, window.End);
        var counted = window.Counted();
        if (counted.Count == 0 && !(_mode == FairShareMode.Enforce && IsScarce(window)))
        {
            return;
        }

        try
        {
            window.Exchanged(counted, await totals.AddAsync(atlassian.Value.ClientId, window.Begin, counted));
            quota.Counted = new QuotaCount(window.Used, window.Connections, window.End);
            if (_storeIsOut)
            {
                Log.StoreIsBack(logger);
            }

            _storeIsOut = false;
        }
        catch (StoreUnavailableException exception)
        {
            if (!_storeIsOut)
            {
                Log.StoreIsOut(logger, exception.InnerException!);
            }

            _storeIsOut = true;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (_mode != FairShareMode.Off && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ExchangeAsync();
            }
            catch (Exception exception)
            {
                // Caught once, here: a defect must not end the process, which serves without this too.
                Log.Broken(logger, exception);
            }
        }
    }

    private QuotaWindow At(DateTimeOffset now)
    {
        var window = Volatile.Read(ref _window);
        while (now >= window.End)
        {
            // Of several requests that find the window over, one opens the next. What the last one held goes with it.
            Interlocked.CompareExchange(ref _window, window.After(now), window);
            window = Volatile.Read(ref _window);
        }

        return window;
    }

    private bool IsOver(QuotaWindow window, ConnectionId id) => IsScarce(window) && window.UsedBy(id) * window.Connections > Limit;

    // What the estimate missed, and what others did with the same app, only Atlassian knows.
    private bool IsScarce(QuotaWindow window) => Math.Max(window.Used, Limit - (quota.Remaining ?? Limit)) * 5 >= Limit * 4;

    private long Limit => quota.Limit ?? options.Value.QuotaPoints;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What the replicas used of the app's quota cannot be added up, since the store is out of reach: fair share goes on with what is known here.")]
        public static partial void StoreIsOut(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Information, "What the replicas used of the app's quota is added up again.")]
        public static partial void StoreIsBack(ILogger logger);

        [LoggerMessage(LogLevel.Error, "What the replicas used of the app's quota could not be added up.")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
