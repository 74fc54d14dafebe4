using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Proxy.Throttling;

/// <summary>What all replicas have counted of a window of the quota: in Redis, a hash of points by connection, with their sum.</summary>
internal sealed class QuotaTotals(RedisConnection redis, RedisKeys keys)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);

    /// <summary>Adds what was counted here, and tells what there is then.</summary>
    /// <param name="clientId">The app.</param>
    /// <param name="begin">When the window began.</param>
    /// <param name="counted">Points by connection, not counted there yet; may be empty.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach; it may or may not be added.</exception>
    public Task<QuotaTotal> AddAsync(string clientId, DateTimeOffset begin, IReadOnlyList<CountedPoints> counted) =>
        StoreUnavailableException.GuardAsync(async () =>
        {
            RedisValue[] values =
            [
                (long)Life.TotalMilliseconds, counted.Sum(one => one.Points), .. counted.SelectMany(one => new RedisValue[] { one.Id.Value, one.Points }),
            ];
            var totals = (long[])(await redis.Database.ScriptEvaluateAsync(AddScript, [keys.Quota(clientId, begin)], values))!;
            return new QuotaTotal(totals[0], totals[1], totals[2..]);
        });

    // The sum has a name that no connection can have. Counting it up by nothing makes sure that it is there.
    private const string AddScript = """
        local totals = { redis.call('HINCRBY', KEYS[1], '*', ARGV[2]), 0 }
        for i = 3, #ARGV, 2 do totals[#totals + 1] = redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
        totals[2] = redis.call('HLEN', KEYS[1]) - 1
        redis.call('PEXPIRE', KEYS[1], ARGV[1])
        return totals
        """;
}

/// <summary>Points of a connection.</summary>
internal readonly record struct CountedPoints(ConnectionId Id, long Points);

/// <summary>What all replicas have counted.</summary>
/// <param name="Points">Of all connections.</param>
/// <param name="Connections">How many connections used any.</param>
/// <param name="Own">Of each connection that was just added to, in that order.</param>
internal sealed record QuotaTotal(long Points, long Connections, IReadOnlyList<long> Own);
