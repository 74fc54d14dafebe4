namespace ConfluenceGateway.Simulation.Scheduling;

/// <summary>A machine's clock. It may go wrong by <paramref name="skew"/>; its timers stop with the machine.</summary>
internal sealed class VirtualClock(Scheduler scheduler, Machine machine, TimeSpan skew) : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What a right clock says at <paramref name="moment"/> of a run.</summary>
    public static DateTimeOffset At(TimeSpan moment) => Beginning + moment;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => At(scheduler.Now + skew);

    /// <inheritdoc />
    // From 1, since a cache takes a moment 0 for "never".
    public override long GetTimestamp() => scheduler.Now.Ticks + 1;

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(scheduler, machine, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(Scheduler scheduler, Machine machine, TimerCallback callback, object? state) : ITimer
    {
        private Alarm? _next;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _next?.TurnOff();
            _next = dueTime == Timeout.InfiniteTimeSpan ? null : scheduler.SetAlarm(machine, dueTime, () =>
            {
                if (period > TimeSpan.Zero)
                {
                    Change(period, period);
                }

                callback(state);
            });
            return true;
        }

        public void Dispose() => _next?.TurnOff();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
