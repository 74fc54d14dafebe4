using AtlassianSimulator.Control;

namespace AtlassianSimulator.Faults;

/// <summary>The active faults, in the order they were added.</summary>
internal sealed class FaultList(Counters counters)
{
    private readonly Lock _gate = new();
    private readonly List<Active> _active = [];
    private int _added;
    private volatile bool _empty = true;

    public Fault Add(Fault fault)
    {
        lock (_gate)
        {
            var added = fault with { Id = $"fault-{++_added}" };
            _active.Add(new Active(added));
            _empty = false;
            return added;
        }
    }

    /// <summary>The active faults; <c>times</c> and <c>skip</c> say what is left of them.</summary>
    public IReadOnlyList<Fault> Read()
    {
        lock (_gate)
        {
            return [.. _active.Select(active => active.Fault with { Times = active.Left, Skip = active.Skip })];
        }
    }

    public bool Remove(string id)
    {
        lock (_gate)
        {
            return _active.RemoveAll(active => active.Fault.Id == id) > 0;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _active.Clear();
            _empty = true;
        }
    }

    /// <summary>Takes the faults that strike this request; each one taken counts, and at most one decides the answer.</summary>
    public DueFaults Take(FaultEndpoint endpoint, string? grantId, string path)
    {
        if (_empty)
        {
            return DueFaults.None;
        }

        var due = new List<Fault>();
        lock (_gate)
        {
            var answered = false;
            foreach (var active in _active.Where(active => active.Matches(endpoint, grantId, path)))
            {
                var decides = DueFaults.DecidesAnswer(active.Fault.Kind);
                if ((decides && answered) || !active.Strike())
                {
                    continue;
                }

                answered |= decides;
                due.Add(active.Fault);
                counters.FaultApplied();
            }

            _active.RemoveAll(active => active.Left == 0);
        }

        return new DueFaults(due);
    }

    /// <summary>A fault and what is left of it.</summary>
    private sealed class Active(Fault fault)
    {
        public Fault Fault => fault;

        public int? Left { get; private set; } = fault.Times;

        public int Skip { get; private set; } = fault.Skip;

        public bool Matches(FaultEndpoint endpoint, string? grantId, string path) =>
            fault.Endpoint == endpoint
            && (fault.GrantId is null || fault.GrantId == grantId)
            && (fault.PathPrefix is null || path.StartsWith(fault.PathPrefix, StringComparison.Ordinal));

        public bool Strike()
        {
            if (Skip > 0)
            {
                Skip--;
                return false;
            }

            Left--;
            return true;
        }
    }
}
