using System.Collections.Concurrent;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Tokens;

/// <summary>
/// R1: one refresh at a time for each connection in this process. A flight belongs to nobody: callers wait for it with
/// their own patience, and none of them can end it.
/// </summary>
internal sealed partial class RefreshFlights(
    RefreshProtocol protocol, GatewayMetrics metrics, TimeProvider time, ILogger<RefreshFlights> logger) : IHostedService
{
    private readonly ConcurrentDictionary<ConnectionId, Lazy<Task<RefreshResult>>> _flights = new();

    /// <summary>Raised after a flight ended.</summary>
    public event Action<EndedFlight>? Ended;

    /// <summary>The flight under way, or a new one.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="known">The version of the grant that is no longer good enough.</param>
    /// <param name="trigger">What a new flight is started for.</param>
    public Task<RefreshResult> Join(ConnectionId id, GrantVersion known, RefreshTrigger trigger) =>
        _flights.GetOrAdd(id, _ => new Lazy<Task<RefreshResult>>(() => FlyAsync(id, known, trigger))).Value;

    /// <summary>Starts a flight that nobody waits for, unless one is under way.</summary>
    public void StartBehind(ConnectionId id, GrantVersion known)
    {
        if (!_flights.ContainsKey(id))
        {
            Join(id, known, RefreshTrigger.Ahead);
        }
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the flights under way: a token that is spent must be replaced in the store before the process ends.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_flights.Values.Select(flight => flight.Value)).WaitAsync(cancellationToken);

    private async Task<RefreshResult> FlyAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
    {
        // A flight is in the list before it begins, and whoever asks first does not run a part of it.
        await Task.Yield();
        var began = time.GetTimestamp();
        using var span = Traces.Start("refresh", id.Value);
        var result = await RunAsync(id, known, trigger);
        span?.SetTag("confluence_gateway.trigger", Label(trigger)).SetTag("confluence_gateway.outcome", result.Name);
        _flights.TryRemove(id, out _);
        metrics.TokenRefreshes.WithLabels(Label(trigger), result.Name).Inc();
        Ended?.Invoke(new EndedFlight(id, Label(trigger), result, time.GetElapsedTime(began)));
        return result;
    }

    private async Task<RefreshResult> RunAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
    {
        try
        {
            return await protocol.RunAsync(id, known, trigger);
        }
        catch (StoreUnavailableException exception)
        {
            Log.StoreUnavailable(logger, id, exception.InnerException!);
            return new RefreshResult.Failed("store_unavailable", new TokenOutcome.Unavailable("the store is out of reach", TimeSpan.FromSeconds(5)));
        }
        catch (Exception exception)
        {
            // Caught once, here: a defect must not take a caller's request down with a bare 500, nor go unseen.
            Log.Defect(logger, id, exception);
            return new RefreshResult.Failed("error", new TokenOutcome.Unavailable("the refresh failed; the gateway's log says why", TimeSpan.FromSeconds(30)));
        }
    }

    private static string Label(RefreshTrigger trigger) => trigger switch
    {
        RefreshTrigger.Expired => "expired",
        RefreshTrigger.Ahead => "ahead",
        RefreshTrigger.Rejected => "rejected",
        RefreshTrigger.KeepAlive => "keep_alive",
        RefreshTrigger.Recovery => "recovery",
        _ => "operator",
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Id} cannot be refreshed while the store is out of reach.")]
        public static partial void StoreUnavailable(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Error, "The refresh of {Id} failed unexpectedly.")]
        public static partial void Defect(ILogger logger, ConnectionId id, Exception exception);
    }
}

/// <summary>A flight that ended.</summary>
/// <param name="Id">The connection.</param>
/// <param name="Trigger">What started it, as a metric's label.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Took">How long it took, the wait for the lock included.</param>
internal sealed record EndedFlight(ConnectionId Id, string Trigger, RefreshResult Result, TimeSpan Took);
