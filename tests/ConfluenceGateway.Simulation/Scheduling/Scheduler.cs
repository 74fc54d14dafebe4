namespace ConfluenceGateway.Simulation.Scheduling;

/// <summary>One thread, virtual time, and a seed that decides which of the steps that could run runs next.</summary>
internal sealed class Scheduler
{
    // Even a bad run needs some thousand; whatever needs this many runs in circles.
    private const int MostSteps = 2_000_000;

    private readonly Random _random;
    private readonly List<Step> _ready = [];
    private readonly PriorityQueue<Alarm, (TimeSpan At, long Order)> _alarms = new();
    private long _order;

    public Scheduler(Random random)
    {
        _random = random;
        Outside = new Machine(this, "outside");
    }

    /// <summary>Virtual time since the beginning.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many steps ran.</summary>
    public int Steps { get; private set; }

    /// <summary>The order of all steps so far in one number: two runs of a seed must agree on it.</summary>
    public HashCodeOfRun Digest { get; } = new();

    /// <summary>Networks, the store, Atlassian, people: what neither crashes nor pauses.</summary>
    public Machine Outside { get; }

    /// <summary>Ends <see cref="Run"/> after the present step.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Adds a step that may run now.</summary>
    public void Add(Step step)
    {
        if (step.Machine is { IsAlive: true, IsPaused: true })
        {
            step.Machine.Held.Add(step);
        }
        else
        {
            _ready.Add(step);
        }
    }

    /// <summary>Runs <paramref name="work"/> outside of every replica, after <paramref name="delay"/>.</summary>
    public void After(TimeSpan delay, Action work) => SetAlarm(Outside, delay, work);

    /// <summary>Runs <paramref name="work"/> as a step of <paramref name="machine"/>, after <paramref name="delay"/>.</summary>
    public Alarm SetAlarm(Machine machine, TimeSpan delay, Action work)
    {
        var alarm = new Alarm(machine, work);
        _alarms.Enqueue(alarm, (Now + delay, _order++));
        return alarm;
    }

    /// <summary>Lets a machine go on after its pause.</summary>
    public void Resume(Machine machine)
    {
        _ready.AddRange(machine.Held);
        machine.Held.Clear();
    }

    /// <summary>Runs until <paramref name="end"/>, or until it is stopped.</summary>
    public void Run(TimeSpan end)
    {
        var before = SynchronizationContext.Current;
        try
        {
            while (!IsStopped)
            {
                while (_alarms.TryPeek(out _, out var due) && due.At <= Now)
                {
                    _alarms.Dequeue().Ring();
                }

                if (_ready.Count > 0)
                {
                    RunOne();
                }
                else if (_alarms.TryPeek(out _, out var next) && next.At <= end)
                {
                    Now = next.At;
                }
                else
                {
                    Now = end;
                    return;
                }
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void RunOne()
    {
        var at = _random.Next(_ready.Count);
        var step = _ready[at];
        _ready[at] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (!step.Machine.IsAlive)
        {
            return;
        }

        if (step.Machine.IsPaused)
        {
            step.Machine.Held.Add(step);
            return;
        }

        if (++Steps > MostSteps)
        {
            throw new InvalidOperationException($"The run does not come to rest: {MostSteps} steps by {Now}.");
        }

        // A step takes a moment, another one each time.
        Now += TimeSpan.FromTicks(_random.Next(2_000));
        Digest.Add(step.Machine.Name, Now);
        SynchronizationContext.SetSynchronizationContext(step.Machine);
        step.Callback(step.State);
    }
}

/// <summary>Something that runs at its time unless it is turned off before.</summary>
internal sealed class Alarm(Machine machine, Action work)
{
    private bool _isOff;

    /// <summary>Nothing will run.</summary>
    public void TurnOff() => _isOff = true;

    /// <summary>Its time has come.</summary>
    public void Ring()
    {
        if (!_isOff && machine.IsAlive)
        {
            machine.Run(() =>
            {
                if (!_isOff)
                {
                    work();
                }
            });
        }
    }
}

/// <summary>Takes in the order of steps; the same in every process, unlike <see cref="HashCode"/>.</summary>
internal sealed class HashCodeOfRun
{
    /// <summary>The number so far (FNV-1a).</summary>
    public ulong Value { get; private set; } = 14695981039346656037;

    /// <summary>Takes in a step.</summary>
    public void Add(string machine, TimeSpan at)
    {
        Value = (Value ^ machine[^1]) * 1099511628211;
        Value = (Value ^ (ulong)at.Ticks) * 1099511628211;
    }
}
