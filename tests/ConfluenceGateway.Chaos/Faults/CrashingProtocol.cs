using System.Diagnostics;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedLockNet;

namespace ConfluenceGateway.Chaos.Faults;

/// <summary>The refresh protocol of a replica that is to die in it. A refresh stops at its point; with the last one there the process ends.</summary>
internal sealed class CrashingProtocol(
    IConfiguration settings, ConnectionCache connections, ConnectionChanges changes, IGrantStore grants, ILocks locks, ITokenEndpoint endpoint,
    ConfigurationCircuit circuit, RefusalGuard guard, FailedExchanges failures, UnsavedRotations unsaved, ReuseInterval reuse, ReplicaId replica, IOptions<RefreshOptions> options, GatewayMetrics metrics,
    TimeProvider time, Random random, ILogger<RefreshProtocol> logger)
    : RefreshProtocol(connections, changes, grants, locks, endpoint, circuit, guard, failures, unsaved, reuse, replica, options, metrics, time, random, logger)
{
    // Enough for the token to be sent, and less than an exchange may take.
    private static readonly TimeSpan Sending = TimeSpan.FromSeconds(2);
    private readonly IReadOnlyDictionary<string, string> _points = CrashPoint.Read(settings);
    private int _reached;

    protected override async Task<(RefreshResult? Settled, ConnectionSnapshot? Stored)> LookAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
    {
        // R1 is the flight that has begun.
        await PassAsync(id, "after-r1");
        var look = await base.LookAsync(id, known, trigger);
        await PassAsync(id, "after-r2");
        return look;
    }

    protected override async Task<(IRedLock? Held, RefreshResult? Elsewhere)> LockAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
    {
        var locked = await base.LockAsync(id, known, trigger);
        if (locked.Held is not null)
        {
            await PassAsync(id, "after-r3");
        }

        return locked;
    }

    protected override async Task<(RefreshResult? Settled, ConnectionSnapshot? Stored)> LookAgainAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
    {
        var look = await base.LookAgainAsync(id, known, trigger);
        await PassAsync(id, "after-r4");
        return look;
    }

    protected override async Task<Intent?> BeginAsync(ConnectionSnapshot snapshot)
    {
        await PassAsync(snapshot.Connection.Id, "before-r5");
        var intent = await base.BeginAsync(snapshot);
        await PassAsync(snapshot.Connection.Id, "after-r5");
        return intent;
    }

    protected override async Task<TokenAnswer> ExchangeAsync(ConnectionSnapshot snapshot, Intent intent, IRedLock held)
    {
        var id = snapshot.Connection.Id;
        await PassAsync(id, "before-r6");
        var exchange = base.ExchangeAsync(snapshot, intent, held);
        if (Ends(id, "in-r6"))
        {
            await Task.WhenAny(exchange, Task.Delay(Sending, TimeProvider.System));
            await PassAsync(id, "in-r6");
        }

        var answer = await exchange;
        await PassAsync(id, "after-r6");
        return answer;
    }

    protected override async Task<RefreshResult> ActAsync(ConnectionSnapshot snapshot, Intent intent, TokenAnswer answer, RefreshTrigger trigger)
    {
        await PassAsync(snapshot.Connection.Id, "before-r7");
        return await base.ActAsync(snapshot, intent, answer, trigger);
    }

    protected override async Task<RefreshResult> CommitAsync(ConnectionSnapshot snapshot, Intent intent, TokenPair pair, bool afterRejection)
    {
        await PassAsync(snapshot.Connection.Id, "before-r8");
        var result = await base.CommitAsync(snapshot, intent, pair, afterRejection);
        await PassAsync(snapshot.Connection.Id, "after-r8");
        return result;
    }

    protected override async Task<RefreshResult> MarkDeadAsync(ConnectionSnapshot snapshot, Intent intent, string answer, RefreshTrigger trigger)
    {
        await PassAsync(snapshot.Connection.Id, "before-r9");
        var result = await base.MarkDeadAsync(snapshot, intent, answer, trigger);
        await PassAsync(snapshot.Connection.Id, "after-r9");
        return result;
    }

    private bool Ends(ConnectionId id, string moment) => _points.TryGetValue(id.Value, out var last) && last == moment;

    private async Task PassAsync(ConnectionId id, string moment)
    {
        if (!Ends(id, moment))
        {
            return;
        }

        Console.WriteLine(CrashPoint.Line(id.Value, moment));
        if (Interlocked.Increment(ref _reached) == _points.Count)
        {
            // SIGKILL: no handler, no finally, no goodbye.
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }
}
