using System.Diagnostics;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;
using Prometheus;
using RedLockNet;

namespace ConfluenceGateway.Tokens;

/// <summary>The refresh protocol, one method a step, in order. Read <c>docs/refresh-protocol.md</c> beside it.</summary>
/// <remarks>The steps are virtual for the proof alone: it breaks one at a time and must notice.</remarks>
internal partial class RefreshProtocol(
    ConnectionCache connections, ConnectionChanges changes, IGrantStore grants, ILocks locks, ITokenEndpoint endpoint,
    ConfigurationCircuit circuit, RefusalGuard guard, FailedExchanges failures, UnsavedRotations unsaved, ReuseInterval reuse, ReplicaId replica, IOptions<RefreshOptions> options, GatewayMetrics metrics,
    TimeProvider time, Random random, ILogger<RefreshProtocol> logger)
{
    // Beyond the exchange itself a lock and an intent cover the commit and a pause of the process.
    private static readonly TimeSpan PersistBudget = TimeSpan.FromSeconds(15);

    // A store that was away may have lost writes, or lack a pair it could not take: whoever holds them brings them back within
    // a second of its return. An exchange of what stands there now could come too late for the endpoint, so it waits.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(5);

    // Change notices wake a waiter at once; the look in between is for one that was lost.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private TimeSpan WorkingTime => options.Value.ExchangeTimeout + PersistBudget;

    /// <summary>Makes <paramref name="id"/> have something newer than <paramref name="known"/>, or says why not.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach, and no token was spent.</exception>
    public async Task<RefreshResult> RunAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
    {
        if (await LookAsync(id, known, trigger) is { Settled: { } settled })
        {
            return settled;
        }

        var (held, elsewhere) = await LockAsync(id, known, trigger);
        if (held is null)
        {
            return elsewhere!;
        }

        await using (held)
        {
            var look = await LookAgainAsync(id, known, trigger);
            return look.Settled ?? await RotateAsync(look.Stored!, trigger, held);
        }
    }

    /// <summary>R2: look at the store. Whatever is newer is adopted, the end of a grant stops the refresh, and so does a rest (R12).</summary>
    protected virtual async Task<(RefreshResult? Settled, ConnectionSnapshot? Stored)> LookAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
    {
        var stored = await connections.ReadAsync(id);
        if (stored is not { Grant: { Death: null } grant } || grant.Version.IsNewerThan(known))
        {
            return (new RefreshResult.Settled("adopted", stored), stored);
        }

        var left = grant.Rest is { } rest && trigger != RefreshTrigger.Operator ? rest.Until - time.GetUtcNow() : TimeSpan.Zero;
        return left > TimeSpan.Zero
            ? (new RefreshResult.Failed("backing_off", new TokenOutcome.Unavailable("the last refresh failed a moment ago", left)), stored)
            : (null, stored);
    }

    /// <summary>R3: the lock, or what another replica made of it meanwhile. Nobody queues: a loser watches the record.</summary>
    protected virtual async Task<(IRedLock? Held, RefreshResult? Elsewhere)> LockAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
    {
        using var span = Traces.Start("lock", id.Value);
        var began = time.GetTimestamp();
        var deadline = time.GetUtcNow() + options.Value.WaitBudget;
        while (true)
        {
            // Asked for before the try, so that a change between the try and the wait is not missed.
            var changed = changes.NextAsync(id);
            if (await locks.TryAcquireAsync($"refresh:{id}", WorkingTime) is { } held)
            {
                metrics.RefreshLockWait.Observe(time.GetElapsedTime(began).TotalSeconds);
                return (held, null);
            }

            if (await LookAsync(id, known, trigger) is { Settled: { } settled })
            {
                return (null, settled);
            }

            if (time.GetUtcNow() >= deadline)
            {
                return (null, new RefreshResult.Failed("lock_timeout", new TokenOutcome.Unavailable("another replica holds the refresh lock", LookInterval)));
            }

            await Task.WhenAny(changed, Task.Delay(LookInterval * (0.5 + random.NextDouble()), time));
            if (changed.IsCompleted && await LookAsync(id, known, trigger) is { Settled: { } committed })
            {
                // The notice of a commit comes before its lock is free: no need to try for that.
                return (null, committed);
            }
        }
    }

    /// <summary>
    /// R4: look again under the lock. Another replica's intent means that it may be exchanging this very token, without the
    /// lock it lost: wait for what comes of it, and after its deadline go on as recovery. A store that has just come back is
    /// given time to be told what it lacks.
    /// </summary>
    protected virtual async Task<(RefreshResult? Settled, ConnectionSnapshot? Stored)> LookAgainAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
    {
        var (awaited, patience) = (0L, DateTimeOffset.MaxValue);
        while (true)
        {
            var changed = changes.NextAsync(id);
            var look = await LookAsync(id, known, trigger);
            var now = time.GetUtcNow();
            var wait = connections.StoreBackAt + SettlingTime - now;
            if (look.Stored?.Grant?.Intent is { } intent && intent.Replica != replica.Value)
            {
                if (awaited != intent.Attempt)
                {
                    // Should the clocks differ: by this replica's own, no exchange takes longer than this.
                    (awaited, patience) = (intent.Attempt, now + WorkingTime);
                }

                var deadline = intent.Deadline < patience ? intent.Deadline : patience;
                wait = deadline - now > wait ? deadline - now : wait;
            }

            if (look.Settled is not null || wait <= TimeSpan.Zero)
            {
                return look;
            }

            await Task.WhenAny(changed, Task.Delay(wait < LookInterval ? wait : LookInterval, time));
        }
    }

    protected virtual async Task<RefreshResult> RotateAsync(ConnectionSnapshot snapshot, RefreshTrigger trigger, IRedLock held)
    {
        if (!circuit.TryEnter(out var refusal, out var untilProbe) && trigger != RefreshTrigger.Operator)
        {
            return new RefreshResult.Failed("misconfigured", new TokenOutcome.Misconfigured(refusal, untilProbe));
        }

        return await BeginAsync(snapshot) is { } intent
            ? await ActAsync(snapshot, intent, await ExchangeAsync(snapshot, intent, held), trigger)
            : new RefreshResult.Settled("adopted", await connections.ReadAsync(snapshot.Connection.Id));
    }

    /// <summary>R5: note what is about to be tried. If this cannot be written, nothing was spent, and it ends here.</summary>
    /// <returns>The note; null when the record is no longer the one that was read under the lock.</returns>
    protected virtual async Task<Intent?> BeginAsync(ConnectionSnapshot snapshot)
    {
        var grant = snapshot.Grant!;
        var now = time.GetUtcNow();
        var unanswered = grant.Intent is { } left ? left.UnansweredSince ?? left.StartedAt : (DateTimeOffset?)null;
        // A store that lost writes would give numbers out again: the clock keeps a later exchange's number the greater one.
        var attempt = Math.Max(grant.Attempts + 1, now.ToUnixTimeMilliseconds());
        var intent = new Intent(attempt, replica.Value, now, now + WorkingTime, unanswered);
        if (unanswered is { } since)
        {
            Log.Recovering(logger, snapshot.Connection.Id, since);
        }

        return await grants.BeginAsync(snapshot.Connection.Id, grant, intent) ? intent : null;
    }

    /// <summary>R6: spend the refresh token, on a time-out of its own. Nothing else ends it, not even a lost lock.</summary>
    protected virtual async Task<TokenAnswer> ExchangeAsync(ConnectionSnapshot snapshot, Intent intent, IRedLock held)
    {
        if (time.GetUtcNow() + options.Value.ExchangeTimeout > intent.Deadline)
        {
            // The process stood still since it wrote the intent: by now others may take the exchange for abandoned.
            return new TokenAnswer.Unsent("this replica stood still too long to go on", null);
        }

        TokenAnswer answer;
        using (var span = Traces.Start("exchange", snapshot.Connection.Id.Value, ActivityKind.Client))
        using (metrics.TokenRefreshDuration.NewTimer())
        {
            using var timeout = new CancellationTokenSource(options.Value.ExchangeTimeout, time);
            answer = await endpoint.RefreshAsync(snapshot.Grant!.Pair.RefreshToken, timeout.Token);
            span?.SetTag("confluence_gateway.answer", answer.GetType().Name);
        }

        if (!held.IsAcquired)
        {
            // Only a hint, and no reason to stop: the commit compares before it sets.
            metrics.RefreshLocksLost.Inc();
            Log.LockLost(logger, snapshot.Connection.Id);
        }

        return answer;
    }

    /// <summary>R7: act on what the answer means.</summary>
    protected virtual async Task<RefreshResult> ActAsync(ConnectionSnapshot snapshot, Intent intent, TokenAnswer answer, RefreshTrigger trigger)
    {
        if (intent.UnansweredSince is not null)
        {
            metrics.IntentRecoveries.WithLabels(answer switch { TokenAnswer.Success => "recovered", TokenAnswer.Dead => "lost", _ => "unanswered" }).Inc();
        }

        switch (answer)
        {
            case TokenAnswer.Success success:
                guard.Accepted(snapshot.Grant!.ClientId);
                return await CommitAsync(snapshot, intent, success.Pair, afterRejection: trigger == RefreshTrigger.Rejected);
            case TokenAnswer.Dead dead when await guard.SuspectAppAsync(snapshot, dead.Evidence, trigger) is { } suspicion:
                // It rests, so that the next probe is another's: should this one be dead after all, the others show that the app is not.
                await failures.RestAsync(snapshot, intent, sent: false, asked: null);
                return Misconfigured(suspicion);
            case TokenAnswer.Dead dead:
                return await MarkDeadAsync(snapshot, intent, dead.Evidence, trigger);
            case TokenAnswer.Misconfigured misconfigured:
                circuit.Open(misconfigured.Evidence);
                // The circuit holds exchanges back; once it closes nothing must rest.
                await failures.EndAsync(snapshot, intent, sent: false, failures: 0, pause: TimeSpan.Zero);
                return Misconfigured(misconfigured.Evidence);
            case TokenAnswer.Unsent unsent:
                return Failed("unsent", snapshot, unsent.Evidence, await failures.RestAsync(snapshot, intent, sent: false, unsent.RetryAfter));
            case TokenAnswer.Ambiguous ambiguous:
                return Failed("ambiguous", snapshot, ambiguous.Evidence, await failures.RestAsync(snapshot, intent, sent: true, null));
            default:
                throw new InvalidOperationException($"A refresh cannot be answered by {answer.GetType().Name}.");
        }
    }

    /// <summary>R8: store the new pair, if the spent token is still the stored one. What the store does not take is served and kept.</summary>
    protected virtual async Task<RefreshResult> CommitAsync(ConnectionSnapshot snapshot, Intent intent, TokenPair pair, bool afterRejection)
    {
        var id = snapshot.Connection.Id;
        var grant = snapshot.Grant!;
        var exchange = new Exchange(grant.Pair.RefreshToken.Fingerprint, intent.Attempt);
        var rotated = snapshot with
        {
            Grant = grant with { Generation = grant.Generation + 1, Pair = pair, AfterRejection = afterRejection, Origin = exchange, Attempts = intent.Attempt, Intent = null, Rest = null },
        };
        long? generation;
        using var span = Traces.Start("commit", id.Value);
        try
        {
            generation = await grants.CommitAsync(id, exchange, pair, afterRejection, reuse.LeavesTimeAfter(exchange, time.GetUtcNow()));
        }
        catch (Exception exception)
        {
            // Whatever it is, giving up would lose the only copy of the pair.
            Log.NotStored(logger, id, exception);
            await unsaved.KeepAsync(rotated);
            return new RefreshResult.Settled("unsaved", rotated);
        }

        if (generation is null)
        {
            metrics.CommitConflicts.Inc();
            Log.Conflict(logger, id);
            return new RefreshResult.Settled("conflict", await connections.ReadAsync(id));
        }

        rotated = rotated with { Grant = rotated.Grant with { Generation = generation.Value } };
        connections.Put(rotated);
        Log.Rotated(logger, id, generation.Value, pair.Lifetime);
        return new RefreshResult.Settled("rotated", rotated);
    }

    /// <summary>R9: note the end of the grant, if the rejected token is still the stored one. A loser never marks a winner.</summary>
    protected virtual async Task<RefreshResult> MarkDeadAsync(ConnectionSnapshot snapshot, Intent intent, string answer, RefreshTrigger trigger)
    {
        var id = snapshot.Connection.Id;
        var death = ReauthReasons.Infer(snapshot.Grant!, intent, answer, time.GetUtcNow());
        if (!await grants.MarkDeadAsync(id, snapshot.Grant!.Pair.RefreshToken, intent.Attempt, death))
        {
            return new RefreshResult.Settled("adopted", await connections.ReadAsync(id));
        }

        if (await guard.SuspectAppAsync(snapshot, answer, trigger) is { } suspicion)
        {
            return Misconfigured(suspicion);
        }

        var dead = snapshot with { Grant = snapshot.Grant with { Death = death, Intent = null, Rest = null } };
        connections.Put(dead);
        metrics.ReauthRequired.WithLabels(GrantRecord.Name(death.Reason)).Inc();
        Log.Dead(logger, id, GrantRecord.Name(death.Reason), death.Evidence);
        return new RefreshResult.Settled("reauth_required", dead);
    }

    private static RefreshResult.Failed Misconfigured(string evidence) =>
        new("misconfigured", new TokenOutcome.Misconfigured(evidence, ConfigurationCircuit.ProbeInterval));

    private RefreshResult.Failed Failed(string name, ConnectionSnapshot snapshot, string evidence, TimeSpan rest)
    {
        Log.ExchangeFailed(logger, snapshot.Connection.Id, evidence, rest);
        return new RefreshResult.Failed(name, new TokenOutcome.Unavailable($"the token endpoint did not answer: {evidence}", rest));
    }
}
