namespace AtlassianSimulator;

/// <summary>The simulator's time: the machine's, moved forward as often as a test asks.</summary>
/// <remarks>Timers keep to the machine's time, so a delay lasts as long as it says whatever the date is.</remarks>
internal sealed class SimulatorClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
