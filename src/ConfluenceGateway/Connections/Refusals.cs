using System.Globalization;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>Refusals in Redis: a sorted set for each app, of connection ids by when they were refused; a confirmed one stands at zero.</summary>
internal sealed class Refusals(RedisConnection redis, RedisKeys keys) : IRefusals
{
    /// <inheritdoc />
    public Task<IReadOnlyList<Refusal>> NoteAsync(string clientId, ConnectionId id, DateTimeOffset now, TimeSpan window, int enough) =>
        StoreUnavailableException.GuardAsync<IReadOnlyList<Refusal>>(async () =>
        {
            var milliseconds = now.ToUnixTimeMilliseconds();
            var entries = (RedisValue[])(await redis.Database.ScriptEvaluateAsync(
                NoteScript, [keys.Refusals(clientId)], [id.Value, milliseconds, (long)window.TotalMilliseconds, milliseconds - (long)window.TotalMilliseconds, enough]))!;
            return [.. entries.Chunk(2).Select(entry => new Refusal(ConnectionId.Parse(entry[0].ToString(), CultureInfo.InvariantCulture), IsConfirmed: entry[1] == 0))];
        });

    // Those who are marked before there are enough are all in the set when it is full, and nobody is marked after that.
    private const string NoteScript = """
        if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[5]) then
          redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[4])
          redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
        """;

    /// <inheritdoc />
    public Task ConfirmAsync(string clientId, ConnectionId id) => StoreUnavailableException.GuardAsync(() =>
        redis.Database.SortedSetAddAsync(keys.Refusals(clientId), id.Value, 0, SortedSetWhen.Exists));

    /// <inheritdoc />
    public void Forget(string clientId) => redis.Database.KeyDelete(keys.Refusals(clientId), CommandFlags.FireAndForget);
}
