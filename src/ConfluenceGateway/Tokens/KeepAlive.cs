using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Tokens;

/// <summary>
/// R14: looks at each connection when it is due, without any request. An exchange that nobody finished is recovered, a pair
/// that grows old is rotated, and the end of a grant is told before it comes.
/// </summary>
internal sealed partial class KeepAlive(
    DueIndex due, ConnectionStore store, ConnectionEvents events, OutboxRelay relay, GrantAges ages, RefreshFlights flights, ConnectionDirectory directory, IOptions<RefreshOptions> options,
    IOptionsMonitor<AtlassianOptions> atlassian, GatewayMetrics metrics, TimeProvider time, Random random, ILogger<KeepAlive> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    // For as long as this nobody else looks at a claimed connection. Most flights end within it, and a second one would only adopt.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    // Until the right client id may be configured again.
    private static readonly TimeSpan OtherApp = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);

    // Until events that could not be relayed are tried again.
    private static readonly TimeSpan Unrelayed = TimeSpan.FromMinutes(1);

    private const int Batch = 64;
    private const int AtOnce = 8;

    // After so many failures in one tick the token endpoint has troubles of its own, and nothing that can wait is sent to it.
    private const int FailuresToBear = 3;
    private int _failures;
    private IReadOnlyList<ConnectionSummary>? _counted;
    private AtlassianOptions? _countedFor;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval * (0.5 + random.NextDouble() / 2), time, stoppingToken);
            try
            {
                await TickAsync(stoppingToken);
            }
            catch (StoreUnavailableException exception)
            {
                Log.NotNow(logger, exception.InnerException!);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Caught once, here: a defect must not end the process, which serves without this too.
                Log.Broken(logger, exception);
            }
        }
    }

    /// <summary>Looks at everything that is due.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public async Task TickAsync(CancellationToken stopping)
    {
        _failures = 0;
        IReadOnlyList<DueConnection> claimed;
        do
        {
            claimed = await due.ClaimAsync(Lease, Batch);
            var parallel = new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce,
                CancellationToken = stopping,
            };
            await Parallel.ForEachAsync(claimed, parallel, async (connection, _) => await TryLookAsync(connection, stopping));
        }
        while (claimed.Count == Batch);

        var (obtained, consented) = await ages.OldestAsync();
        metrics.EarliestInactivityExpiry.Publish(obtained + Grant.InactivityLimit);
        metrics.EarliestConsentExpiry.Publish(consented + Grant.ConsentLimit);
        Count(await directory.ListAsync(stopping), atlassian.CurrentValue);
    }

    // A hundred thousand take longer to count than all else here, and most of the time nothing has changed since the last look.
    private void Count(IReadOnlyList<ConnectionSummary> connections, AtlassianOptions app)
    {
        if (ReferenceEquals(connections, _counted) && ReferenceEquals(app, _countedFor))
        {
            return;
        }

        var states = connections.CountBy(summary => ReauthReasons.StandingOf(summary, app).State).ToDictionary();
        foreach (var state in Enum.GetValues<ConnectionState>())
        {
            metrics.Connections.WithLabels(ConnectionStates.Name(state)).Set(states.GetValueOrDefault(state));
        }

        (_counted, _countedFor) = (connections, app);
    }

    private async Task TryLookAsync(DueConnection claimed, CancellationToken stopping)
    {
        try
        {
            await LookAsync(claimed, stopping);
        }
        catch (StoreUnavailableException exception)
        {
            Log.NotLookedAt(logger, claimed.Id, exception.InnerException!);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // One record that cannot be read must not keep the others from their turn. It has another when its lease ends.
            Log.LookBroken(logger, claimed.Id, exception);
        }
    }

    private async Task LookAsync(DueConnection claimed, CancellationToken stopping)
    {
        var id = claimed.Id;
        var isRelayed = await relay.TryDrainAsync(id.Value);
        if (await store.ReadAsync(id) is not { Grant: { Death: null } grant })
        {
            await ages.ForgetAsync(id);
            await due.MoveAsync(claimed, isRelayed ? null : time.GetUtcNow() + Unrelayed);
            return;
        }

        var wanted = Wanted(id, grant);
        if (wanted is { } trigger && await RefreshAsync(id, grant, trigger, stopping))
        {
            // There is something new to look at, and a look at it is noted.
            return;
        }

        await ages.NoteAsync(id, grant);
        isRelayed &= await TellAsync(id, grant);
        if (wanted is null)
        {
            var next = NextLook(id, grant);
            var again = time.GetUtcNow() + Unrelayed;
            await due.MoveAsync(claimed, isRelayed || next < again ? next : again);
        }
    }

    /// <summary>What a refresh is needed for; null when none is, or none may be tried.</summary>
    private RefreshTrigger? Wanted(ConnectionId id, Grant grant)
    {
        var now = time.GetUtcNow();
        return IsOfAnotherApp(grant) || grant.Rest is { } rest && rest.Until > now ? null
            : grant.Intent is { } intent ? intent.Deadline <= now ? RefreshTrigger.Recovery : null
            : RotateAt(id, grant) <= now ? RefreshTrigger.KeepAlive
            : null;
    }

    /// <summary>Refreshes, and takes care that it is tried again when it fails.</summary>
    /// <returns>Whether there is something new to look at.</returns>
    private async Task<bool> RefreshAsync(ConnectionId id, Grant grant, RefreshTrigger trigger, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        if (trigger == RefreshTrigger.KeepAlive && Volatile.Read(ref _failures) >= FailuresToBear)
        {
            return false;
        }

        if (await flights.Join(id, grant.Version, trigger).WaitAsync(stopping) is not RefreshResult.Failed failed)
        {
            return true;
        }

        Interlocked.Increment(ref _failures);
        if (failed.Outcome is TokenOutcome.Unavailable { RetryAfter: var rest })
        {
            // A token that may be spent is taken again for minutes only. Everything else has the time of a lease.
            await due.NoteAsync(id, time.GetUtcNow() + (rest > ShortestPause ? rest : ShortestPause));
        }

        return false;
    }

    /// <returns>Whether what was told is relayed.</returns>
    private async Task<bool> TellAsync(ConnectionId id, Grant grant)
    {
        var now = time.GetUtcNow();
        var told = false;
        foreach (var expiry in Expiry.Of(grant))
        {
            if (expiry.Reached(now) is { } days && await events.TellExpiringAsync(id, expiry, days, now))
            {
                told = true;
                Log.Expiring(logger, id, expiry.Forecast, expiry.At);
            }
        }

        return !told || await relay.TryDrainAsync(id.Value);
    }

    /// <summary>When there is something to do next for a grant that needs no refresh now.</summary>
    private DateTimeOffset NextLook(ConnectionId id, Grant grant)
    {
        var now = time.GetUtcNow();
        var refresh = IsOfAnotherApp(grant) ? now + OtherApp : grant.Intent?.Deadline ?? RotateAt(id, grant);
        var earliest = grant.Rest is { } rest && rest.Until > now + ShortestPause ? rest.Until : now + ShortestPause;
        var next = refresh > earliest ? refresh : earliest;
        return Expiry.Of(grant).Select(expiry => expiry.Next(now)).Where(moment => moment < next).Min() ?? next;
    }

    private bool IsOfAnotherApp(Grant grant) => !atlassian.CurrentValue.IsConfigured || grant.ClientId != atlassian.CurrentValue.ClientId;

    private DateTimeOffset RotateAt(ConnectionId id, Grant grant) => grant.Pair.ObtainedAt + options.Value.KeepAliveAfter * ShareOfAge(id, grant.Generation);

    /// <summary>
    /// From 0.75 to 1, the same on every replica and in every process: connections that were made within an hour do not rotate
    /// within one.
    /// </summary>
    internal static double ShareOfAge(ConnectionId id, long generation) => 0.75 + Spread.Of($"{id} {generation}") / 4;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "What is due cannot be told while the store is out of reach.")]
        public static partial void NotNow(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "What is due could not be done.")]
        public static partial void Broken(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Debug, "{Id} is due and cannot be read now.")]
        public static partial void NotLookedAt(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Error, "{Id} is due and could not be looked at.")]
        public static partial void LookBroken(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Warning, "{Id} will end by {Forecast} at {At}.")]
        public static partial void Expiring(ILogger logger, ConnectionId id, string forecast, DateTimeOffset at);
    }
}
