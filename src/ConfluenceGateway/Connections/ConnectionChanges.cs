using System.Collections.Concurrent;
using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>Hears from every replica which connection changed. Notices can be lost: they only make things faster.</summary>
internal sealed class ConnectionChanges(RedisConnection redis, RedisKeys keys) : IHostedService
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiters = new(StringComparer.Ordinal);

    /// <summary>A connection changed, here or elsewhere.</summary>
    public event Action<string>? Changed;

    /// <summary>Notices may have been lost: anything may have changed.</summary>
    public event Action? Missed;

    /// <summary>Completes at the next change of <paramref name="id"/>.</summary>
    public Task NextAsync(ConnectionId id) =>
        _waiters.GetOrAdd(id.Value, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Fire and forget, because there may be no server yet: the client subscribes by itself once there is one.
        redis.Multiplexer.GetSubscriber().Subscribe(keys.Changes, (_, id) => Tell(id.ToString()), StackExchange.Redis.CommandFlags.FireAndForget);
        redis.Restored += () => Missed?.Invoke();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Tell(string id)
    {
        Changed?.Invoke(id);
        if (_waiters.TryRemove(id, out var waiter))
        {
            waiter.TrySetResult();
        }
    }
}
