using System.Collections.Concurrent;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tokens;

/// <summary>R12: after a failed exchange a connection rests, longer each time, so that traffic cannot hammer a broken token endpoint.</summary>
internal sealed class BackOff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<ConnectionId, Rest> _resting = new();

    /// <summary>How long <paramref name="id"/> still rests; zero or less when an exchange may be tried.</summary>
    public TimeSpan Left(ConnectionId id) => _resting.TryGetValue(id, out var rest) ? rest.Until - time.GetUtcNow() : TimeSpan.Zero;

    /// <summary>An exchange failed.</summary>
    /// <returns>How long the connection rests now: what the endpoint asked for, or twice as long as the last time, with jitter.</returns>
    public TimeSpan Failed(ConnectionId id, TimeSpan? retryAfter)
    {
        var failures = _resting.TryGetValue(id, out var last) ? last.Failures + 1 : 1;
        var ceiling = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, failures - 1));
        var pause = retryAfter is { } asked && asked.TotalSeconds > ceiling
            ? asked
            : TimeSpan.FromSeconds(ceiling * (0.5 + Random.Shared.NextDouble() / 2));
        _resting[id] = new Rest(failures, time.GetUtcNow() + pause);
        return pause;
    }

    /// <summary>An exchange was answered for good or ill.</summary>
    public void Clear(ConnectionId id) => _resting.TryRemove(id, out _);

    private sealed record Rest(int Failures, DateTimeOffset Until);
}
