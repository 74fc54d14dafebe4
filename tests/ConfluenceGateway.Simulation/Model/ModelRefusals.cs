using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>What the scripts of the refusals do, for the one app there is.</summary>
internal sealed class ModelRefusals
{
    private readonly SortedDictionary<string, (Refusal Refusal, DateTimeOffset At)> _all = new(StringComparer.Ordinal);
    private DateTimeOffset _goneAt;

    public IReadOnlyList<Refusal> Note(ConnectionId id, DateTimeOffset now, TimeSpan window, int enough)
    {
        if (now >= _goneAt)
        {
            _all.Clear();
        }

        if (_all.Count < enough)
        {
            foreach (var old in _all.Where(entry => entry.Value.Refusal.IsConfirmed || entry.Value.At < now - window).Select(entry => entry.Key).ToArray())
            {
                _all.Remove(old);
            }

            _all[id.Value] = (new Refusal(id, IsConfirmed: false), now);
        }

        _goneAt = now + window;
        return [.. _all.Values.Select(entry => entry.Refusal)];
    }

    public bool Confirm(ConnectionId id)
    {
        if (!_all.TryGetValue(id.Value, out var entry))
        {
            return false;
        }

        _all[id.Value] = entry with { Refusal = entry.Refusal with { IsConfirmed = true } };
        return true;
    }

    public void Forget() => _all.Clear();
}
