using System.Collections.Concurrent;

namespace ConfluenceGateway.Connections;

/// <summary>Tells this replica which connection changed, here or elsewhere. Notices can be lost: they only make things faster.</summary>
internal sealed class ConnectionChanges
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiters = new(StringComparer.Ordinal);

    /// <summary>A connection changed, here or elsewhere.</summary>
    public event Action<string>? Changed;

    /// <summary>Notices may have been lost: anything may have changed.</summary>
    public event Action? Missed;

    /// <summary>Completes at the next change of <paramref name="id"/>.</summary>
    public Task NextAsync(ConnectionId id) =>
        _waiters.GetOrAdd(id.Value, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The connection called <paramref name="id"/> changed.</summary>
    public void Tell(string id)
    {
        Changed?.Invoke(id);
        if (_waiters.TryRemove(id, out var waiter))
        {
            waiter.TrySetResult();
        }
    }

    /// <summary>Notices may have been lost.</summary>
    public void TellMissed() => Missed?.Invoke();
}
