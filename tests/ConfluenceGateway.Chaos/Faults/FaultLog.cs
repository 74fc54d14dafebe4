using System.Collections.Concurrent;
using System.Diagnostics;
using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Faults;

/// <summary>Every fault that was injected, with its time.</summary>
internal sealed class FaultLog
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentQueue<InjectedFault> _faults = new();

    /// <summary>The time since the log was begun.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>How many were injected.</summary>
    public int Count => _faults.Count;

    /// <summary>How many of each kind.</summary>
    public IEnumerable<(string Name, int Count)> Kinds => _faults.GroupBy(fault => fault.Name).Select(kind => (kind.Key, kind.Count())).OrderBy(kind => kind.Key, StringComparer.Ordinal);

    /// <summary>The last one's name.</summary>
    public string? Last => _faults.LastOrDefault()?.Name;

    /// <summary>Does <paramref name="work"/> and notes it under <paramref name="name"/>.</summary>
    public async Task DuringAsync(string name, TimeSpan reach, Replica? replica, Func<Task> work)
    {
        var fault = new InjectedFault(name, Now, reach, replica);
        _faults.Enqueue(fault);
        try
        {
            await work();
        }
        finally
        {
            fault.Ended = Now;
        }
    }

    public bool ExplainsSilence(Replica asked, TimeSpan from, TimeSpan to) => _faults.Any(fault => fault.ExplainsSilence(asked, from, to));

    public bool ExplainsNoToken(TimeSpan from, TimeSpan to) => _faults.Any(fault => fault.ExplainsNoToken(from, to));
}
