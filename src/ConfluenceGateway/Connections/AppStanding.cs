using System.Text.Json.Nodes;
using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>
/// Which replicas the token endpoint refuses, as all of them know it together, so that it is told once when it begins and once
/// when it is over, however many replicas there are.
/// </summary>
internal sealed class AppStanding(RedisConnection redis, RedisKeys keys, ReplicaId replica, ConnectionEvents events, TimeProvider time)
{
    /// <summary>For how long a replica counts as refused unless it says so again; one that vanished must not for ever.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(3);

    /// <summary>Says how this replica fares, and tells when that makes a difference for all.</summary>
    /// <param name="evidence">What the token endpoint said; null while it accepts the app, or was not asked.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task ReportAsync(string? evidence) => StoreUnavailableException.GuardAsync(async () =>
    {
        var now = time.GetUtcNow();
        var told = (bool)await redis.Database.ScriptEvaluateAsync(
            ReportScript,
            [keys.AppRefused, keys.AppTold, keys.Events(ConnectionEvents.App), keys.Outbox(ConnectionEvents.App)],
            [
                now.ToUnixTimeMilliseconds(), replica.Value, evidence is null ? "" : (now + Life).ToUnixTimeMilliseconds(), evidence ?? "",
                events.Entry(ConnectionEvents.Misconfigured, now, new JsonObject { ["evidence"] = evidence }), events.Entry(ConnectionEvents.AppRecovered, now),
            ]);
        if (told)
        {
            events.Announce(ConnectionEvents.App);
        }

        return told;
    });

    private const string ReportScript = $$"""
        {{ConnectionEvents.Tell}}
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
        if ARGV[3] == '' then redis.call('ZREM', KEYS[1], ARGV[2]) else redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2]) end
        local refused = redis.call('ZCARD', KEYS[1]) > 0
        local told = redis.call('EXISTS', KEYS[2]) == 1
        if refused == told then return 0 end
        if refused then
          redis.call('SET', KEYS[2], ARGV[4])
          tell(ARGV[5])
        else
          redis.call('DEL', KEYS[2])
          tell(ARGV[6])
        end
        return 1
        """;

    /// <summary>What the token endpoint said when it was told that it refuses the app; null while no replica is refused.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<string?> EvidenceAsync() => StoreUnavailableException.GuardAsync(async () => (string?)await redis.Database.StringGetAsync(keys.AppTold));
}
