using System.Globalization;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Simulation.Faults;
using ConfluenceGateway.Simulation.Proof;
using ConfluenceGateway.Simulation.Scheduling;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>A run: replicas, what is around them, and what goes wrong, all from one seed.</summary>
internal sealed class World
{
    // Longer than the longest rest, the life of a lock and an intent, and the freshness of a cache, one after the other.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Closing = TimeSpan.FromMinutes(2);

    // Stragglers of one rotation have long arrived when the next one is forced.
    private static readonly TimeSpan BetweenRotations = TimeSpan.FromMinutes(4);

    private static readonly string[] Names = ["one", "two"];

    private readonly List<Replica> _replicas = [];
    private readonly List<Fault> _faults;
    private readonly Dictionary<Fault, int> _seen = [];
    private readonly List<string>? _trace;
    private Machine? _writer;
    private int _started;

    private World(int seed, Flaw flaw, bool traces)
    {
        Random = new Random(seed);
        Flaw = flaw;
        _trace = traces ? [] : null;
        Plan = Plan.Draw(Random);
        _faults = [.. Plan.Faults];
        Scheduler = new Scheduler(Random);
        Referee = new Referee(this);
        var grants = new ModelGrants
        {
            Omits = flaw switch
            {
                Flaw.CompareSkippedAtCommit => Omission.CompareAtCommit,
                Flaw.EarlierSiblingKept => Omission.LaterSibling,
                Flaw.LaterExchangeIgnored => Omission.Yielding,
                Flaw.CompareSkippedAtDeath => Omission.CompareAtDeath,
                _ => Omission.None,
            },
        };
        foreach (var name in Names.Take(Plan.Connections))
        {
            var id = ConnectionId.Parse(name, CultureInfo.InvariantCulture);
            var account = new Account(Scheduler, id, Plan.Habits.Rule, Plan.Options.ReuseInterval);
            Accounts.Add(id, account);
            grants.State = grants.State.Add(id, new ConnectionSnapshot(new Connection(id, name, null, "cloud", Paused: false, VirtualClock.At(TimeSpan.Zero)), null));
            // Its token ends while things go wrong.
            grants.Replace(id, account.Consent(Random.Between(60, Plan.End.TotalSeconds + 60)), "app");
        }

        Store = new ModelStore(Scheduler, Random, grants)
        {
            Flakiness = Plan.StoreFlakiness,
        };
        Store.Written += (what, id, before) => Referee.Written(_writer, what, id, before);
        Locks = new ModelLocks(Scheduler, Store);
        Endpoint = new ModelEndpoint(Scheduler, Random, Plan.Habits, Accounts)
        {
            Flakiness = Plan.EndpointFlakiness,
        };
    }

    public Plan Plan { get; }

    public Flaw Flaw { get; }

    public Random Random { get; }

    public Scheduler Scheduler { get; }

    public Referee Referee { get; }

    public ModelStore Store { get; }

    public ModelRefusals Refusals { get; } = new();

    public ModelLocks Locks { get; }

    public ModelEndpoint Endpoint { get; }

    public SortedDictionary<ConnectionId, Account> Accounts { get; } = new(Comparer<ConnectionId>.Create((one, other) => string.CompareOrdinal(one.Value, other.Value)));

    /// <summary>Whether faults have stopped.</summary>
    public bool IsOver => Scheduler.Now >= Plan.End;

    /// <summary>Whether callers should stop.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Runs a seed to its end, or to the first violation.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="flaw">What is broken in the protocol.</param>
    /// <param name="traces">Whether what happens is written down.</param>
    public static RunResult Run(int seed, Flaw flaw = Flaw.None, bool traces = false)
    {
        var world = new World(seed, flaw, traces);
        world.Play();
        return new RunResult(
            seed, world.Referee.Violation, world.Scheduler.Steps, world.Scheduler.Digest.Value, world.Endpoint.Sent, world.Plan.Faults.Count - world._faults.Count, world._trace ?? []);
    }

    /// <summary>The connection a refresh token is for.</summary>
    public (ConnectionId Id, Account Account) AccountOf(Secret refreshToken)
    {
        // The connection is in the model's token, between its first and its last hyphen.
        var name = refreshToken.Reveal().Split('-')[1];
        var (id, account) = Accounts.Single(entry => entry.Key.Value == name);
        return (id, account);
    }

    /// <summary>A replica's request has come to a stage; now a fault may hit it.</summary>
    public void Signal(Replica replica, string doing, Stage stage)
    {
        if (_trace is not null && doing != "read")
        {
            Tell(replica.Machine, $"{doing} {(stage == Stage.Asked ? "..." : stage.ToString().ToLowerInvariant())}");
        }

        if (doing == "exchange" && stage == Stage.Done)
        {
            Referee.Exchanged();
        }

        for (var at = 0; at < _faults.Count && !IsOver; at++)
        {
            var fault = _faults[at];
            if (fault.On is not { } moment || moment.Stage != stage || moment.Doing != doing || fault.At > Scheduler.Now)
            {
                continue;
            }

            _seen[fault] = _seen.GetValueOrDefault(fault) + 1;
            if (_seen[fault] == moment.Nth)
            {
                _faults.RemoveAt(at--);
                Inject(fault, replica);
            }
        }
    }

    /// <summary>Runs a replica's write, so that the referee knows whose it is.</summary>
    public T WriteAs<T>(Machine machine, Func<T> write)
    {
        _writer = machine;
        var result = write();
        _writer = null;
        return result;
    }

    /// <summary>A log of a replica, which is kept in the trace.</summary>
    public ILogger<T> Log<T>(Machine machine) => new TraceLog<T>(this, machine);

    /// <summary>Whether anything is written down.</summary>
    public bool Traces => _trace is not null;

    /// <summary>Writes down what happened.</summary>
    public void Tell(Machine machine, string what) =>
        _trace?.Add(string.Create(CultureInfo.InvariantCulture, $"{Scheduler.Now:hh\\:mm\\:ss\\.fff}  {machine.Name,-8} {what}"));

    private void Play()
    {
        Tell(Scheduler.Outside, $"{Plan.Replicas} replicas, {Plan.Connections} connections, {Plan.Habits.Rule}, tokens live {Plan.Habits.Lifetime}, skew {Plan.Skew}, flaky {Plan.StoreFlakiness} and {Plan.EndpointFlakiness}, faults until {Plan.End}");
        for (var number = 1; number <= Plan.Replicas; number++)
        {
            Start();
        }

        foreach (var fault in Plan.Faults.Where(fault => fault.On is null))
        {
            Scheduler.After(fault.At, () =>
            {
                _faults.Remove(fault);
                // All of them may be dead just now: then there is nobody to hit.
                if (_replicas.Count > 0)
                {
                    Inject(fault, _replicas[Random.Next(_replicas.Count)]);
                }
            });
        }

        Scheduler.Run(Plan.End);
        Store.Flakiness = 0;
        Store.ComeUp();
        Endpoint.Flakiness = 0;
        Scheduler.Run(Plan.End + Quiet);
        Close();
    }

    private void Close()
    {
        IsClosing = true;
        var open = _replicas.Count;
        for (var at = 0; at < _replicas.Count; at++)
        {
            var (replica, forces) = (_replicas[at], at == 0);
            replica.Machine.Run(async void () =>
            {
                await Referee.CloseAsync(replica, forces);
                open--;
            });
        }

        Scheduler.Run(Scheduler.Now + Closing);
        if (open > 0)
        {
            Referee.Object($"{open} replicas do not answer in the end");
        }

        var rotations = Accounts.Keys.Sum(id => Store.Grants.Read(id)!.Grant!.Generation - 1);
        if (Plan.IsCalm && Endpoint.Sent != rotations)
        {
            Referee.Object($"{Endpoint.Sent} exchanges for {rotations} rotations, and nothing went wrong");
        }
    }

    private void Start()
    {
        var replica = Replica.Start(this, $"r{++_started}");
        _replicas.Add(replica);
        foreach (var id in Accounts.Keys)
        {
            for (var callers = Random.Next(1, 3); callers > 0; callers--)
            {
                var caller = new Caller(this, replica, id);
                replica.Machine.Run(async void () => await caller.CallAsync());
            }
        }
    }

    private void Inject(Fault fault, Replica replica)
    {
        var id = Accounts.Keys.ElementAt(Random.Next(Accounts.Count));
        var account = Accounts[id];
        Tell(replica.Machine, $"FAULT {fault.What} {(fault.What is FaultKind.RejectToken or FaultKind.Revoke or FaultKind.RevokeAndConsent ? id : fault.Lasts)}");
        switch (fault.What)
        {
            case FaultKind.Crash when replica.Machine.IsAlive:
                replica.Machine.Crash();
                _replicas.Remove(replica);
                Scheduler.After(fault.Lasts, Start);
                break;
            case FaultKind.Pause:
                replica.Machine.Pause(fault.Lasts);
                break;
            case FaultKind.Outage:
                Store.GoDown(fault.Lasts);
                break;
            case FaultKind.RollBack:
                Store.RollBack(fault.Lasts);
                break;
            case FaultKind.Misconfigure:
                Endpoint.Misconfigure(fault.Lasts);
                break;
            case FaultKind.RejectToken when Scheduler.Now - account.LastIssue > BetweenRotations:
                account.Reject(Store.Grants.Read(id)!.Grant!.Pair.AccessToken);
                break;
            case FaultKind.Revoke:
                account.Revoke();
                break;
            case FaultKind.RevokeAndConsent:
                account.Revoke();
                Scheduler.After(fault.Lasts, () => Consent(id, account));
                break;
        }
    }

    private void Consent(ConnectionId id, Account account)
    {
        if (Store.IsDown)
        {
            Scheduler.After(TimeSpan.FromSeconds(1), () => Consent(id, account));
            return;
        }

        Tell(Scheduler.Outside, $"a person consents to {id}");
        Store.Write("consent", id, grants => grants.Replace(id, account.Consent(Plan.Habits.Lifetime), "app"));
        // A consent that no replica has read yet cannot be got back.
        Store.Settle();
    }
}

/// <summary>What became of a seed.</summary>
internal sealed record RunResult(int Seed, string? Violation, int Steps, ulong Digest, int Exchanges, int Faults, IReadOnlyList<string> Trace);
