namespace ConfluenceGateway.Simulation.Scheduling;

/// <summary>
/// A process, or the world around the processes. What awaits on it goes on as steps of the scheduler, in an order the seed
/// decides; a crashed one never goes on, a paused one later.
/// </summary>
internal sealed class Machine(Scheduler scheduler, string name) : SynchronizationContext
{
    /// <summary>What it is called in a trace.</summary>
    public string Name => name;

    /// <summary>False once it crashed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether it is stopped for a while.</summary>
    public bool IsPaused => scheduler.Now < _resumes;

    /// <summary>How often it was stopped.</summary>
    public int Pauses { get; private set; }

    /// <summary>What waits for the end of a pause.</summary>
    public List<Step> Held { get; } = [];

    private TimeSpan _resumes;

    /// <summary>Ends it between two steps: nothing of it ever runs again, not even a <c>finally</c>.</summary>
    public void Crash()
    {
        IsAlive = false;
        Held.Clear();
    }

    /// <summary>Stops it between two steps; its timers go off late.</summary>
    public void Pause(TimeSpan duration)
    {
        Pauses++;
        _resumes = scheduler.Now + duration;
        scheduler.After(duration, () =>
        {
            if (!IsPaused)
            {
                scheduler.Resume(this);
            }
        });
    }

    /// <summary>Runs <paramref name="work"/> as a step.</summary>
    public void Run(Action work) => scheduler.Add(new Step(this, static state => ((Action)state!)(), work));

    /// <inheritdoc />
    public override void Post(SendOrPostCallback d, object? state) => scheduler.Add(new Step(this, d, state));

    /// <inheritdoc />
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing may block here.");

    /// <inheritdoc />
    public override SynchronizationContext CreateCopy() => this;
}

/// <summary>What runs without a break: from one await to the next.</summary>
internal readonly record struct Step(Machine Machine, SendOrPostCallback Callback, object? State);
