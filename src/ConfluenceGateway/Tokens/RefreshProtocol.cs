using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;
using Prometheus;
using RedLockNet;

namespace ConfluenceGateway.Tokens;

/// <summary>The refresh protocol, one method a step, in order. Read <c>docs/architecture.md</c> beside it.</summary>
internal sealed partial class RefreshProtocol(
    ConnectionCache connections, ConnectionChanges changes, GrantStore grants, RedisLocks locks, TokenEndpoint endpoint,
    ConfigurationCircuit circuit, BackOff backOff, IOptions<RefreshOptions> options, GatewayMetrics metrics, TimeProvider time,
    ILogger<RefreshProtocol> logger)
{
    // Beyond the exchange itself a lock covers the commit and a pause of the process.
    private static readonly TimeSpan PersistBudget = TimeSpan.FromSeconds(15);

    // Change notices wake a waiter at once; the look in between is for one that was lost.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the last exchange of <paramref name="id"/> failed so recently that none should be tried.</summary>
    public bool IsBackingOff(ConnectionId id) => backOff.Left(id) > TimeSpan.Zero;

    /// <summary>Makes <paramref name="id"/> have something newer than <paramref name="generation"/>, or says why not.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach, and no token was spent.</exception>
    public async Task<RefreshResult> RunAsync(ConnectionId id, long generation, RefreshTrigger trigger)
    {
        if (await LookAsync(id, generation) is { Settled: { } newer })
        {
            return newer;
        }

        if (trigger != RefreshTrigger.Operator && backOff.Left(id) is var rest && rest > TimeSpan.Zero)
        {
            return new RefreshResult.Failed("backing_off", new TokenOutcome.Unavailable("the last refresh failed a moment ago", rest));
        }

        var (held, elsewhere) = await LockAsync(id, generation);
        if (held is null)
        {
            return elsewhere!;
        }

        await using (held)
        {
            var look = await LookAsync(id, generation);
            return look.Settled ?? await ExchangeAsync(look.Stored!, trigger, held);
        }
    }

    /// <summary>R2 and R4: look at the store; whatever is newer is adopted, and the end of a grant stops the refresh.</summary>
    private async Task<(RefreshResult? Settled, ConnectionSnapshot? Stored)> LookAsync(ConnectionId id, long generation)
    {
        var stored = await connections.ReadAsync(id);
        var current = stored is { Grant: { Death: null } grant } && grant.Generation <= generation;
        return (current ? null : new RefreshResult.Settled("adopted", stored), stored);
    }

    /// <summary>R3: the lock, or what another replica made of it meanwhile. Nobody queues: a loser watches the record.</summary>
    private async Task<(IRedLock? Held, RefreshResult? Elsewhere)> LockAsync(ConnectionId id, long generation)
    {
        var began = time.GetTimestamp();
        var deadline = time.GetUtcNow() + options.Value.WaitBudget;
        while (true)
        {
            // Asked for before the try, so that a change between the try and the wait is not missed.
            var changed = changes.NextAsync(id);
            if (await locks.TryAcquireAsync($"refresh:{id}", options.Value.ExchangeTimeout + PersistBudget) is { } held)
            {
                metrics.RefreshLockWait.Observe(time.GetElapsedTime(began).TotalSeconds);
                return (held, null);
            }

            if (await LookAsync(id, generation) is { Settled: { } settled })
            {
                return (null, settled);
            }

            if (time.GetUtcNow() >= deadline)
            {
                return (null, new RefreshResult.Failed("lock_timeout", new TokenOutcome.Unavailable("another replica holds the refresh lock", LookInterval)));
            }

            await Task.WhenAny(changed, Task.Delay(LookInterval * (0.5 + Random.Shared.NextDouble()), time));
        }
    }

    /// <summary>R6 and R7: spend the refresh token, on a time-out of its own, and act on what the answer means.</summary>
    private async Task<RefreshResult> ExchangeAsync(ConnectionSnapshot snapshot, RefreshTrigger trigger, IRedLock held)
    {
        var id = snapshot.Connection.Id;
        var spent = snapshot.Grant!.Pair.RefreshToken;
        if (!circuit.TryEnter(out var refusal, out var untilProbe))
        {
            return new RefreshResult.Failed("misconfigured", new TokenOutcome.Misconfigured(refusal, untilProbe));
        }

        TokenAnswer answer;
        using (metrics.TokenRefreshDuration.NewTimer())
        {
            using var timeout = new CancellationTokenSource(options.Value.ExchangeTimeout, time);
            answer = await endpoint.RefreshAsync(spent, timeout.Token);
        }

        if (!held.IsAcquired)
        {
            // Only a hint, and no reason to stop: the commit compares before it sets.
            metrics.RefreshLocksLost.Inc();
            Log.LockLost(logger, id);
        }

        switch (answer)
        {
            case TokenAnswer.Success success:
                circuit.Close();
                backOff.Clear(id);
                return await CommitAsync(snapshot, spent, success.Pair, afterRejection: trigger == RefreshTrigger.Rejected);
            case TokenAnswer.Dead dead:
                circuit.Close();
                backOff.Clear(id);
                return await MarkDeadAsync(snapshot, spent, dead.Evidence);
            case TokenAnswer.Misconfigured misconfigured:
                circuit.Open(misconfigured.Evidence);
                return new RefreshResult.Failed("misconfigured", new TokenOutcome.Misconfigured(misconfigured.Evidence, ConfigurationCircuit.ProbeInterval));
            case TokenAnswer.Unsent unsent:
                return Failed(id, "unsent", unsent.Evidence, unsent.RetryAfter);
            case TokenAnswer.Ambiguous ambiguous:
                // The token may be spent. The next try sends it again, which Atlassian takes for the same rotation for ten minutes.
                return Failed(id, "ambiguous", ambiguous.Evidence, null);
            default:
                throw new InvalidOperationException($"A refresh cannot be answered by {answer.GetType().Name}.");
        }
    }

    /// <summary>R8: store the new pair, if the spent token is still the stored one. The pair is held until the store has it.</summary>
    private async Task<RefreshResult> CommitAsync(ConnectionSnapshot snapshot, Secret spent, TokenPair pair, bool afterRejection)
    {
        var id = snapshot.Connection.Id;
        if (await UntilStoredAsync(id, () => grants.CommitAsync(id, spent, pair, afterRejection)) is not { } generation)
        {
            metrics.CommitConflicts.Inc();
            Log.Conflict(logger, id);
            return new RefreshResult.Settled("conflict", await connections.ReadAsync(id));
        }

        var rotated = snapshot with { Grant = snapshot.Grant! with { Generation = generation, Pair = pair, AfterRejection = afterRejection } };
        connections.Put(rotated);
        Log.Rotated(logger, id, generation, pair.Lifetime);
        return new RefreshResult.Settled("rotated", rotated);
    }

    /// <summary>R9: note the end of the grant, if the rejected token is still the stored one. A loser never marks a winner.</summary>
    private async Task<RefreshResult> MarkDeadAsync(ConnectionSnapshot snapshot, Secret rejected, string evidence)
    {
        var id = snapshot.Connection.Id;
        var death = new GrantDeath(ReauthReasons.Infer(snapshot.Grant!, time.GetUtcNow()), evidence, time.GetUtcNow());
        if (!await grants.MarkDeadAsync(id, rejected, death))
        {
            return new RefreshResult.Settled("adopted", await connections.ReadAsync(id));
        }

        var dead = snapshot with { Grant = snapshot.Grant! with { Death = death } };
        connections.Put(dead);
        metrics.ReauthRequired.WithLabels(GrantStore.Name(death.Reason)).Inc();
        Log.Dead(logger, id, GrantStore.Name(death.Reason), evidence);
        return new RefreshResult.Settled("reauth_required", dead);
    }

    /// <summary>R10 and R12: nothing is known to be lost; rest and try again.</summary>
    private RefreshResult.Failed Failed(ConnectionId id, string name, string evidence, TimeSpan? retryAfter)
    {
        var rest = backOff.Failed(id, retryAfter);
        Log.ExchangeFailed(logger, id, evidence, rest);
        return new RefreshResult.Failed(name, new TokenOutcome.Unavailable($"the token endpoint did not answer: {evidence}", rest));
    }

    private async Task<T> UntilStoredAsync<T>(ConnectionId id, Func<Task<T>> write)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                return await write();
            }
            catch (Exception exception) when (exception is not ObjectDisposedException)
            {
                // Whatever it is, giving up would lose the only copy of the pair.
                Log.NotStored(logger, id, exception);
                await Task.Delay(pause, time);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id} rotated to generation {Generation}; its token lives {Lifetime}.")]
        public static partial void Rotated(ILogger logger, ConnectionId id, long generation, TimeSpan lifetime);

        [LoggerMessage(LogLevel.Warning, "{Id} needs a person to consent again: {Reason} ({Evidence}).")]
        public static partial void Dead(ILogger logger, ConnectionId id, string reason, string evidence);

        [LoggerMessage(LogLevel.Warning, "The refresh of {Id} got no usable answer ({Evidence}); the next try is in {Rest}.")]
        public static partial void ExchangeFailed(ILogger logger, ConnectionId id, string evidence, TimeSpan rest);

        [LoggerMessage(LogLevel.Error, "{Id} was rotated and the store does not take the new pair: it is held in memory and tried again.")]
        public static partial void NotStored(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Warning, "{Id} was rotated elsewhere in the meantime: the stored pair is adopted.")]
        public static partial void Conflict(ILogger logger, ConnectionId id);

        [LoggerMessage(LogLevel.Warning, "The refresh lock of {Id} was lost during the exchange.")]
        public static partial void LockLost(ILogger logger, ConnectionId id);
    }
}
