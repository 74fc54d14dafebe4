using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>Hears from every replica, through Redis, which connection changed.</summary>
internal sealed class ChangeNotices(RedisConnection redis, RedisKeys keys, ConnectionChanges changes) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Fire and forget, because there may be no server yet: the client subscribes by itself once there is one.
        redis.Multiplexer.GetSubscriber().Subscribe(keys.Changes, (_, id) => changes.Tell(id.ToString()), CommandFlags.FireAndForget);
        redis.Restored += changes.TellMissed;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
