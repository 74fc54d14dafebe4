using Microsoft.Extensions.Options;
using RedLockNet.SERedis;
using RedLockNet.SERedis.Configuration;
using StackExchange.Redis;

namespace ConfluenceGateway.Redis;

/// <summary>RedLock over the shared Redis, or over independent nodes.</summary>
/// <remarks>
/// A lock saves work, it proves nothing: RedLock.net extends a lock by setting the key again even after it expired and
/// another replica took it. Whoever writes under a lock compares and sets.
/// </remarks>
internal sealed class RedisLocks : ILocks, IAsyncDisposable
{
    // One try and no waiting inside: a loser watches the record instead of queueing for the lock.
    private static readonly RedLockRetryConfiguration OneTry = new(retryCount: 1, retryDelayMs: 10);
    private readonly RedLockFactory _factory;
    private readonly List<ConnectionMultiplexer> _own = [];

    public RedisLocks(RedisConnection redis, RedisKeys keys, IOptions<RedisOptions> options, ILoggerFactory loggers)
    {
        foreach (var endpoint in options.Value.LockEndpoints)
        {
            _own.Add(ConnectionMultiplexer.Connect(RedisConnection.Options(endpoint)));
        }

        var nodes = _own.Count > 0 ? _own : [redis.Multiplexer];
        var multiplexers = nodes.ConvertAll(node => new RedLockMultiplexer(node) { RedisKeyFormat = keys.LockFormat });
        _factory = RedLockFactory.Create(multiplexers, OneTry, loggers);
    }

    /// <inheritdoc />
    public async Task<RedLockNet.IRedLock?> TryAcquireAsync(string resource, TimeSpan life)
    {
        var held = await _factory.CreateLockAsync(resource, life);
        if (held.IsAcquired)
        {
            return held;
        }

        await held.DisposeAsync();
        return null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _factory.Dispose();
        foreach (var multiplexer in _own)
        {
            await multiplexer.DisposeAsync();
        }
    }
}
