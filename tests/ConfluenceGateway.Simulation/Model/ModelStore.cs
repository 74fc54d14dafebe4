using System.Collections.Immutable;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Simulation.Scheduling;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>The store and the network to it: it goes down, goes back in time, and loses requests, answers and notices.</summary>
internal sealed class ModelStore(Scheduler scheduler, Random random, ModelGrants grants)
{
    private readonly List<(TimeSpan At, ImmutableDictionary<ConnectionId, ConnectionSnapshot> State)> _history = [(TimeSpan.Zero, grants.State)];
    private readonly Dictionary<Machine, TimeSpan> _connectedAt = [];
    private TimeSpan _downUntil;
    private TimeSpan _oldestPast;

    /// <summary>How likely each single thing goes wrong, from 0 to 1.</summary>
    public double Flakiness { get; set; }

    /// <summary>Whether it takes no requests now.</summary>
    public bool IsDown => scheduler.Now < _downUntil;

    /// <summary>How often it went back in time.</summary>
    public int Rollbacks { get; private set; }

    /// <summary>What is stored.</summary>
    public ModelGrants Grants => grants;

    /// <summary>Who hears of changes.</summary>
    public List<(Machine Machine, ConnectionChanges Changes)> Listeners { get; } = [];

    /// <summary>Sees every write, with the state before it.</summary>
    public event Action<string, ConnectionId, ConnectionSnapshot?>? Written;

    /// <summary>It went back in time.</summary>
    public event Action? WentBack;

    /// <summary>Takes no requests for a while; who asks waits in vain.</summary>
    public void GoDown(TimeSpan duration)
    {
        _downUntil = scheduler.Now + duration;
        foreach (var (machine, _) in Listeners)
        {
            // Each has its connection back at a time of its own.
            _connectedAt[machine] = _downUntil + random.Between(0, 1);
        }

        scheduler.After(duration, TellMissed);
    }

    /// <summary>Takes requests again.</summary>
    public void ComeUp()
    {
        if (IsDown)
        {
            GoDown(TimeSpan.Zero);
        }
    }

    /// <summary>Fails over to a server that lacks the last writes.</summary>
    public void RollBack(TimeSpan lag)
    {
        var until = scheduler.Now - lag > _oldestPast ? scheduler.Now - lag : _oldestPast;
        grants.State = _history.Last(entry => entry.At <= until).State;
        _history.Add((scheduler.Now, grants.State));
        Rollbacks++;
        WentBack?.Invoke();
        GoDown(random.Between(0, 3));
    }

    /// <summary>Nothing before now is ever forgotten again.</summary>
    public void Settle() => _oldestPast = scheduler.Now;

    /// <summary>Writes without a network, as people do from elsewhere.</summary>
    public T Write<T>(string what, ConnectionId id, Func<ModelGrants, T> work)
    {
        var before = grants.Read(id);
        var result = work(grants);
        if (!ReferenceEquals(before, grants.Read(id)))
        {
            _history.Add((scheduler.Now, grants.State));
            Written?.Invoke(what, id, before);
            Publish(id);
        }

        return result;
    }

    /// <summary>Sends a request and brings the answer, or fails after a while; then the work may be done or not.</summary>
    /// <param name="asker">Who sends it.</param>
    /// <param name="work">What the store does, in one piece.</param>
    /// <param name="signal">Told as the request goes: asked, done, answered.</param>
    public Task<T> AskAsync<T>(Machine asker, Func<T> work, Action<Stage> signal)
    {
        var answer = new TaskCompletionSource<T>();
        signal(Stage.Asked);
        if (!IsConnected(asker) || random.Happens(Flakiness))
        {
            Fail(answer);
            return answer.Task;
        }

        scheduler.After(Latency(), () =>
        {
            if (!IsConnected(asker))
            {
                Fail(answer);
                return;
            }

            var result = work();
            signal(Stage.Done);
            if (random.Happens(Flakiness))
            {
                Fail(answer);
                return;
            }

            scheduler.After(Latency(), () =>
            {
                answer.TrySetResult(result);
                signal(Stage.Answered);
            });
        });
        return answer.Task;
    }

    private TimeSpan Latency() => random.Happens(Flakiness) ? random.Between(0.1, 3) : random.Between(0.0002, 0.004);

    private void Fail<T>(TaskCompletionSource<T> answer) => scheduler.After(
        random.Happens(0.5) ? random.Between(0.001, 0.1) : random.Between(2, 5),
        () => answer.TrySetException(new StoreUnavailableException(new TimeoutException("no answer from the model store"))));

    private void Publish(ConnectionId id)
    {
        foreach (var (machine, changes) in Listeners)
        {
            for (var copies = random.Happens(Flakiness) ? random.Pick(0, 0, 2) : 1; copies > 0; copies--)
            {
                scheduler.SetAlarm(machine, Latency(), () => changes.Tell(id.Value));
            }
        }
    }

    private bool IsConnected(Machine machine) => !IsDown && scheduler.Now >= _connectedAt.GetValueOrDefault(machine);

    private void TellMissed()
    {
        if (!IsDown)
        {
            foreach (var (machine, changes) in Listeners)
            {
                var wait = _connectedAt.GetValueOrDefault(machine) - scheduler.Now;
                scheduler.SetAlarm(machine, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, changes.TellMissed);
            }
        }
    }
}

/// <summary>How far a request has come.</summary>
internal enum Stage
{
    Asked,
    Done,
    Answered,
}
