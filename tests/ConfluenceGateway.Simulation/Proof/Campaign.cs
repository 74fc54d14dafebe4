using System.Collections.Concurrent;
using System.Globalization;
using ConfluenceGateway.Simulation.Model;

namespace ConfluenceGateway.Simulation.Proof;

/// <summary>Many seeds, each on one thread.</summary>
internal sealed class Campaign(int from, int seeds, int workers, Flaw flaw = Flaw.None)
{
    private int _taken;
    private int _done;
    private long _steps;
    private long _exchanges;
    private long _faults;

    /// <summary>How many seeds there are.</summary>
    public int Seeds => seeds;

    /// <summary>How many were run.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>The seeds that ended in a violation.</summary>
    public ConcurrentQueue<RunResult> Failures { get; } = new();

    /// <summary>A seed ended in a violation.</summary>
    public event Action<RunResult>? Failed;

    /// <summary>Runs them all.</summary>
    /// <param name="enough">After how many failures to stop.</param>
    public void Run(int enough = int.MaxValue)
    {
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(() => Work(enough))).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    /// <summary>What was run, in one line.</summary>
    public string Summary(TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Done:N0} seeds from {from} in {elapsed.TotalSeconds:N1} s ({Done / elapsed.TotalSeconds:N0} seeds/s): {_steps:N0} steps, {_exchanges:N0} exchanges, {_faults:N0} faults, {Failures.Count} violations");

    private void Work(int enough)
    {
        while (Failures.Count < enough)
        {
            var number = Interlocked.Increment(ref _taken) - 1;
            if (number >= seeds)
            {
                return;
            }

            var result = World.Run(from + number, flaw);
            Interlocked.Increment(ref _done);
            Interlocked.Add(ref _steps, result.Steps);
            Interlocked.Add(ref _exchanges, result.Exchanges);
            Interlocked.Add(ref _faults, result.Faults);
            if (result.Violation is not null)
            {
                Failures.Enqueue(result);
                Failed?.Invoke(result);
            }
        }
    }
}
