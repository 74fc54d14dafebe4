using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Lru;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Values that are believed for a while; of too many the oldest are forgotten.</summary>
/// <param name="capacity">How many are kept at most, of all connections together.</param>
/// <param name="life">How long one is believed.</param>
/// <param name="time">The clock.</param>
internal sealed class Remembered<T>(int capacity, TimeSpan life, TimeProvider time)
    where T : notnull
{
    private readonly ConcurrentLru<(string Scope, string Key), Entry> _entries = new(Environment.ProcessorCount, capacity, EqualityComparer<(string, string)>.Default);

    /// <summary>The value, if it is known and still believed.</summary>
    /// <param name="scope">The connection and site that it belongs to.</param>
    /// <param name="key">Its name there.</param>
    /// <param name="value">The value.</param>
    public bool TryGet(string scope, string key, [MaybeNullWhen(false)] out T value)
    {
        var known = _entries.TryGet((scope, key), out var entry) && time.GetElapsedTime(entry.At) < life;
        value = known ? entry!.Value : default;
        return known;
    }

    /// <summary>Remembers a value.</summary>
    public void Set(string scope, string key, T value) => _entries.AddOrUpdate((scope, key), new Entry(value, time.GetTimestamp()));

    /// <summary>Forgets a value.</summary>
    public void Forget(string scope, string key) => _entries.TryRemove((scope, key));

    /// <summary>Forgets all values of a scope. Looks at every value, so it is for what happens seldom.</summary>
    public void ForgetAll(string scope)
    {
        foreach (var key in _entries.Keys.Where(key => key.Scope == scope))
        {
            _entries.TryRemove(key);
        }
    }

    private sealed record Entry(T Value, long At);
}
