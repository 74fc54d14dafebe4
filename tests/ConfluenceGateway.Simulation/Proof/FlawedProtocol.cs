using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Options;
using RedLockNet;

namespace ConfluenceGateway.Simulation.Proof;

/// <summary>What a protocol is made of.</summary>
internal sealed record ProtocolParts(
    ConnectionCache Connections, ConnectionChanges Changes, IGrantStore Store, ILocks Locks, ITokenEndpoint Endpoint, ConfigurationCircuit Circuit,
    RefusalGuard Guard, FailedExchanges Failures, UnsavedRotations Unsaved, ReuseInterval Reuse, ReplicaId Replica, IOptions<RefreshOptions> Options, GatewayMetrics Metrics,
    TimeProvider Time, Random Random, ILogger<RefreshProtocol> Logger);

/// <summary>The product's protocol with one step broken, the others as they are.</summary>
internal class FlawedProtocol(ProtocolParts parts) : RefreshProtocol(
    parts.Connections, parts.Changes, parts.Store, parts.Locks, parts.Endpoint, parts.Circuit, parts.Guard, parts.Failures, parts.Unsaved, parts.Reuse,
    parts.Replica, parts.Options, parts.Metrics, parts.Time, parts.Random, parts.Logger)
{
    /// <summary>The protocol with a flaw; with none, the product's own.</summary>
    public static RefreshProtocol Make(Flaw flaw, ProtocolParts parts) => flaw switch
    {
        Flaw.LockSkipped => new WithoutLock(parts),
        Flaw.SecondLookSkipped => new WithoutSecondLook(parts),
        Flaw.IntentIgnored => new IgnoringIntents(parts),
        Flaw.IntentNotWritten => new WithoutIntent(parts),
        Flaw.CommitNotRetried => new WithoutRetry(parts),
        Flaw.StragglerSends => new Straggling(parts),
        Flaw.RestIgnored => new WithoutRest(parts),
        // The others are in the store or on the way to it.
        _ => new FlawedProtocol(parts),
    };

    private sealed class WithoutLock(ProtocolParts parts) : FlawedProtocol(parts)
    {
        protected override Task<(IRedLock? Held, RefreshResult? Elsewhere)> LockAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger) =>
            Task.FromResult<(IRedLock?, RefreshResult?)>((new NoLock(), null));
    }

    private sealed class WithoutSecondLook(ProtocolParts parts) : FlawedProtocol(parts)
    {
        private readonly Dictionary<ConnectionId, (RefreshResult?, ConnectionSnapshot?)> _first = [];

        protected override async Task<(RefreshResult? Settled, ConnectionSnapshot? Stored)> LookAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger) =>
            _first[id] = await base.LookAsync(id, known, trigger);

        protected override Task<(RefreshResult? Settled, ConnectionSnapshot? Stored)> LookAgainAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger) =>
            Task.FromResult(_first[id]);
    }

    private sealed class IgnoringIntents(ProtocolParts parts) : FlawedProtocol(parts)
    {
        protected override async Task<(RefreshResult? Settled, ConnectionSnapshot? Stored)> LookAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
        {
            var (settled, stored) = await base.LookAsync(id, known, trigger);
            return (settled, stored is { Grant: { } grant } ? stored with { Grant = grant with { Intent = null } } : stored);
        }
    }

    private sealed class WithoutIntent(ProtocolParts parts) : FlawedProtocol(parts)
    {
        private readonly ProtocolParts _parts = parts;

        protected override Task<Intent?> BeginAsync(ConnectionSnapshot snapshot)
        {
            var now = _parts.Time.GetUtcNow();
            return Task.FromResult<Intent?>(new Intent(snapshot.Grant!.Attempts + 1, _parts.Replica.Value, now, now + TimeSpan.FromMinutes(1), null));
        }
    }

    private sealed class WithoutRetry(ProtocolParts parts) : FlawedProtocol(parts)
    {
        private readonly ProtocolParts _parts = parts;

        protected override async Task<RefreshResult> CommitAsync(ConnectionSnapshot snapshot, Intent intent, TokenPair pair, bool afterRejection)
        {
            // Should this throw, the flight ends with it.
            await _parts.Store.CommitAsync(snapshot.Connection.Id, new Exchange(snapshot.Grant!.Pair.RefreshToken.Fingerprint, intent.Attempt), pair, afterRejection, yields: true);
            return new RefreshResult.Settled("rotated", await _parts.Connections.ReadAsync(snapshot.Connection.Id));
        }
    }

    private sealed class Straggling(ProtocolParts parts) : FlawedProtocol(parts)
    {
        protected override Task<TokenAnswer> ExchangeAsync(ConnectionSnapshot snapshot, Intent intent, IRedLock held) =>
            base.ExchangeAsync(snapshot, intent with { Deadline = DateTimeOffset.MaxValue }, held);
    }

    private sealed class WithoutRest(ProtocolParts parts) : FlawedProtocol(parts)
    {
        protected override async Task<(RefreshResult? Settled, ConnectionSnapshot? Stored)> LookAsync(ConnectionId id, GrantVersion known, RefreshTrigger trigger)
        {
            var look = await base.LookAsync(id, known, trigger);
            return look.Settled is RefreshResult.Failed ? (null, look.Stored) : look;
        }
    }

    private sealed class NoLock : IRedLock
    {
        public string Resource => "";

        public string LockId => "";

        public bool IsAcquired => true;

        public RedLockStatus Status => RedLockStatus.Acquired;

        public RedLockInstanceSummary InstanceSummary => default;

        public int ExtendCount => 0;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
