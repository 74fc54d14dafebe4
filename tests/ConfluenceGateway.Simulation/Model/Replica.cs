using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Simulation.Proof;
using ConfluenceGateway.Simulation.Scheduling;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>A process of the gateway: everything below the proxy is the product's own code.</summary>
internal sealed class Replica
{
    // Thousands of replicas live in one process; nobody reads their figures.
    private static readonly GatewayMetrics Metrics = new();

    /// <summary>Set while a caller asks, for the one broken protocol that listens to it.</summary>
    private static readonly AsyncLocal<CancellationToken> CallersPatience = new();

    private readonly UnsavedRotations _unsaved;
    private readonly TokenSource _tokens;

    private Replica(World world, Machine machine, TimeSpan skew)
    {
        Machine = machine;
        Clock = new VirtualClock(world.Scheduler, machine, skew);
        var id = new ReplicaId
        {
            Value = machine.Name,
        };
        void Signal(string doing, Stage stage) => world.Signal(this, doing, stage);
        var options = Options.Create(world.Plan.Options);
        var reuse = new ReuseInterval(world.Plan.Options.ReuseInterval);
        var store = new StoreClient(world, machine, Signal);
        var changes = new ConnectionChanges();
        var heard = changes;
        if (world.Flaw == Flaw.NoTimeToSettle)
        {
            // It hears of every change, and not of the store's return.
            heard = new ConnectionChanges();
            changes.Changed += heard.Tell;
        }

        var connections = new ConnectionCache(store, heard, reuse, Clock, world.Log<ConnectionCache>(machine), capacity: 16);
        var recheck = new StoreRecheck(connections, changes, world.Log<StoreRecheck>(machine));
        changes.Missed += () => _ = recheck.SweepAsync();
        world.Store.Listeners.Add((machine, changes));
        // Without a directory the journal is off, and needs no keys.
        var journal = new RotationJournal(null!, options, Clock, world.Log<RotationJournal>(machine));
        _unsaved = new UnsavedRotations(connections, store, journal, reuse, Metrics, Clock, world.Log<UnsavedRotations>(machine));
        var circuit = new ConfigurationCircuit(App.Instance, Metrics, Clock, world.Log<ConfigurationCircuit>(machine));
        var parts = new ProtocolParts(
            connections, changes, store, world.Locks.For(machine, Clock, Signal, HeldLocks), new Endpoint(this, world, Signal),
            circuit, new RefusalGuard(store, store, circuit, options, Clock, world.Log<RefusalGuard>(machine)),
            new FailedExchanges(store, options, Clock, world.Random, world.Log<FailedExchanges>(machine)),
            _unsaved, reuse, id, options, Metrics, Clock, world.Random, world.Log<RefreshProtocol>(machine));
        var flights = new RefreshFlights(FlawedProtocol.Make(world.Flaw, parts), Metrics, Clock, world.Log<RefreshFlights>(machine));
        _tokens = new TokenSource(connections, flights, id, options, App.Instance, Clock);
    }

    /// <summary>What runs it.</summary>
    public Machine Machine { get; }

    /// <summary>Its clock.</summary>
    public VirtualClock Clock { get; }

    /// <summary>The locks it believes to hold.</summary>
    public HashSet<string> HeldLocks { get; } = [];

    /// <summary>The newest grant each connection was served with.</summary>
    public Dictionary<ConnectionId, GrantVersion> Served { get; } = [];

    /// <summary>Starts one.</summary>
    public static Replica Start(World world, string name) => new(
        world, new Machine(world.Scheduler, name), world.Plan.Skew * (2 * world.Random.NextDouble() - 1));

    /// <summary>A token for a caller.</summary>
    public async Task<TokenOutcome> GetAsync(ConnectionId id, CancellationToken cancellationToken)
    {
        CallersPatience.Value = cancellationToken;
        return await _tokens.GetAsync(id, cancellationToken);
    }

    /// <summary>A token newer than a rejected one.</summary>
    public async Task<TokenOutcome> GetNewerAsync(ConnectionId id, GrantVersion rejected, RefreshTrigger trigger, CancellationToken cancellationToken)
    {
        CallersPatience.Value = cancellationToken;
        return await _tokens.GetNewerAsync(id, rejected, trigger, cancellationToken);
    }

    /// <summary>Whether every pair it got is in the store.</summary>
    public async Task<bool> HasSavedAllAsync() => (await _unsaved.CheckHealthAsync(new HealthCheckContext())).Status == HealthStatus.Healthy;

    private sealed class Endpoint(Replica replica, World world, Action<string, Stage> signal) : ITokenEndpoint
    {
        public async Task<TokenAnswer> RefreshAsync(Secret refreshToken, CancellationToken cancellationToken)
        {
            world.Referee.Sending(replica, refreshToken);
            using var patience = world.Flaw == Flaw.CancelledByCaller
                ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CallersPatience.Value)
                : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var answer = await world.Endpoint.SendAsync(refreshToken, stage => signal("exchange", stage), patience.Token);
            if (answer is not TokenAnswer.Success { Pair: var pair })
            {
                return answer;
            }

            // Times come from the clock of who reads the answer.
            var now = replica.Clock.GetUtcNow();
            return new TokenAnswer.Success(new TokenPair(pair.AccessToken, pair.RefreshToken, now, now + pair.Lifetime), []);
        }
    }

    private sealed class App : IOptionsMonitor<AtlassianOptions>
    {
        public const string ClientId = "app";

        public static readonly App Instance = new();

        public AtlassianOptions CurrentValue { get; } = new()
        {
            ClientId = ClientId,
            ClientSecret = "secret",
        };

        public AtlassianOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<AtlassianOptions, string?> listener) => null;
    }
}
