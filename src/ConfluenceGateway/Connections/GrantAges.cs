using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>
/// When pairs were obtained and consents given, in two sorted sets beside the grants, so that the oldest of all costs one
/// command each. Written by looks, which follow every write of a grant within minutes.
/// </summary>
internal sealed class GrantAges(RedisConnection redis, RedisKeys keys)
{
    /// <summary>Notes the ages of a living grant.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task NoteAsync(ConnectionId id, Grant grant) => StoreUnavailableException.GuardAsync(() => Task.WhenAll(
        redis.Database.SortedSetAddAsync(keys.Obtained, id.Value, grant.Pair.ObtainedAt.ToUnixTimeMilliseconds()),
        redis.Database.SortedSetAddAsync(keys.Consented, id.Value, grant.ConsentedAt.ToUnixTimeMilliseconds())));

    /// <summary>Forgets a connection whose grant is dead or gone.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task ForgetAsync(ConnectionId id) => StoreUnavailableException.GuardAsync(() => Task.WhenAll(
        redis.Database.SortedSetRemoveAsync(keys.Obtained, id.Value),
        redis.Database.SortedSetRemoveAsync(keys.Consented, id.Value)));

    /// <summary>When the oldest pair was obtained and the oldest consent given; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<(DateTimeOffset? Obtained, DateTimeOffset? Consented)> OldestAsync() => StoreUnavailableException.GuardAsync(async () =>
    {
        var obtained = redis.Database.SortedSetRangeByRankWithScoresAsync(keys.Obtained, 0, 0);
        var consented = redis.Database.SortedSetRangeByRankWithScoresAsync(keys.Consented, 0, 0);
        return (First(await obtained), First(await consented));
    });

    private static DateTimeOffset? First(SortedSetEntry[] entries) =>
        entries is [var oldest, ..] ? DateTimeOffset.FromUnixTimeMilliseconds((long)oldest.Score) : null;
}
