using System.Text.Json;
using System.Text.Json.Serialization;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Callers;

/// <summary>Caller keys in Redis, under the fingerprints of their secrets. A record changes only when a connection that it names is deleted.</summary>
/// <remarks>
/// Every change sets a new stamp, by which replicas learn that something changed. It is no number that counts: a store that lost
/// writes would count to the same number again.
/// </remarks>
internal sealed class CallerKeyStore(RedisConnection redis, DurableWrites writes, RedisKeys keys)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The key with this fingerprint, without its last use; null when there is none. One command.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<CallerKey?> FindByFingerprintAsync(string fingerprint) => StoreUnavailableException.GuardAsync(async () =>
        Decode(await redis.Database.HashGetAsync(keys.CallerKeys, fingerprint)));

    /// <summary>What the last change set; null when there never was one.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<string?> StampAsync() => StoreUnavailableException.GuardAsync(async () => (string?)await redis.Database.StringGetAsync(keys.CallerKeyStamp));

    /// <summary>Adds a key.</summary>
    /// <returns>The stamp of the change.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach; it may or may not be added.</exception>
    public Task<string> AddAsync(CallerKey key, string fingerprint) => StoreUnavailableException.GuardAsync(async () =>
    {
        var stamp = NewStamp();
        await writes.EvaluateAsync(AddScript, AllKeys, [key.Id, fingerprint, stamp, keys.CallerKeyChanges.ToString(), JsonSerializer.Serialize(key, Json), .. Entries(key)]);
        return stamp;
    });

    private const string AddScript = """
        redis.call('HSET', KEYS[1], ARGV[2], ARGV[5])
        redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
        for i = 6, #ARGV do redis.call('ZADD', KEYS[3], 0, ARGV[i]) end
        redis.call('SET', KEYS[5], ARGV[3])
        redis.call('PUBLISH', ARGV[4], ARGV[3])
        """;

    /// <summary>Erases a key.</summary>
    /// <returns>The stamp of the change; null when there is no such key.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach; it may or may not be erased.</exception>
    public Task<string?> RemoveAsync(string id) => StoreUnavailableException.GuardAsync(async () =>
    {
        var fingerprint = await redis.Database.HashGetAsync(keys.CallerKeyFingerprints, id);
        if (fingerprint.IsNull || Decode(await redis.Database.HashGetAsync(keys.CallerKeys, fingerprint)) is not { } key)
        {
            return null;
        }

        var stamp = NewStamp();
        var removed = (bool)await writes.EvaluateAsync(RemoveScript, AllKeys, [id, fingerprint, stamp, keys.CallerKeyChanges.ToString(), .. Entries(key)]);
        return removed ? stamp : null;
    });

    private const string RemoveScript = """
        local removed = redis.call('HDEL', KEYS[1], ARGV[2])
        redis.call('HDEL', KEYS[2], ARGV[1])
        for i = 5, #ARGV do redis.call('ZREM', KEYS[3], ARGV[i]) end
        redis.call('HDEL', KEYS[4], ARGV[1])
        redis.call('SET', KEYS[5], ARGV[3])
        redis.call('PUBLISH', ARGV[4], ARGV[3])
        return removed
        """;

    /// <summary>Takes a connection that was deleted out of a key.</summary>
    /// <returns>The stamp of the change; null when the key no longer names it, or is gone.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach; it may or may not be done.</exception>
    public Task<string?> UnbindAsync(string id, string connection) => StoreUnavailableException.GuardAsync(async () =>
    {
        var fingerprint = await redis.Database.HashGetAsync(keys.CallerKeyFingerprints, id);
        var record = fingerprint.IsNull ? RedisValue.Null : await redis.Database.HashGetAsync(keys.CallerKeys, fingerprint);
        if (Decode(record) is not { } key || !key.Connections.Contains(connection, StringComparer.Ordinal))
        {
            return null;
        }

        var rest = key with { Connections = [.. key.Connections.Where(named => named != connection)] };
        var stamp = NewStamp();
        var unbound = (bool)await writes.EvaluateAsync(
            UnbindScript, AllKeys, [$"{connection}/{id}", fingerprint, stamp, keys.CallerKeyChanges.ToString(), record, JsonSerializer.Serialize(rest, Json)]);
        return unbound ? stamp : null;
    });

    private const string UnbindScript = """
        if redis.call('HGET', KEYS[1], ARGV[2]) ~= ARGV[5] then return 0 end
        redis.call('HSET', KEYS[1], ARGV[2], ARGV[6])
        redis.call('ZREM', KEYS[3], ARGV[1])
        redis.call('SET', KEYS[5], ARGV[3])
        redis.call('PUBLISH', ARGV[4], ARGV[3])
        return 1
        """;

    /// <summary>The keys with these ids, in that order; one that is not there is left out.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<IReadOnlyList<CallerKey>> ReadAsync(IReadOnlyList<string> ids) => StoreUnavailableException.GuardAsync<IReadOnlyList<CallerKey>>(async () =>
    {
        RedisValue[] names = [.. ids];
        var uses = redis.Database.HashGetAsync(keys.CallerKeyUses, names);
        var fingerprints = await redis.Database.HashGetAsync(keys.CallerKeyFingerprints, names);
        // A key that is being revoked may have lost one of its entries already.
        var records = await redis.Database.HashGetAsync(keys.CallerKeys, [.. fingerprints.Select(fingerprint => fingerprint.IsNull ? RedisValue.EmptyString : fingerprint)]);
        return
        [
            .. records.Zip(await uses, (record, use) => Decode(record) is { } key ? key with { LastUsedAt = Moment(use) } : null).OfType<CallerKey>(),
        ];
    });

    /// <summary>The ids of the keys after <paramref name="after"/> in order, <paramref name="limit"/> at most.</summary>
    /// <param name="connection">The connection they name, <see cref="CallerKey.EveryConnection"/>, or null for all keys.</param>
    /// <param name="after">An id, or null for the beginning.</param>
    /// <param name="limit">How many at most.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<IReadOnlyList<string>> ListAsync(string? connection, string? after, int limit) => StoreUnavailableException.GuardAsync<IReadOnlyList<string>>(async () =>
    {
        // '0' follows '/', so the range holds all that begins with the connection and a slash.
        var entries = await redis.Database.SortedSetRangeByValueAsync(
            keys.CallerKeyIndex, $"{connection}/{after}", $"{connection}0", Exclude.Both, Order.Ascending, 0, limit);
        return [.. entries.Select(entry => entry.ToString().Split('/')[1])];
    });

    /// <summary>Notes when keys were last used. A key that is gone stays gone, and a later use is not replaced by an earlier one.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task NoteUsesAsync(IReadOnlyList<KeyValuePair<string, long>> uses) => StoreUnavailableException.GuardAsync(() => redis.Database.ScriptEvaluateAsync(
        UsesScript, [keys.CallerKeyFingerprints, keys.CallerKeyUses], [.. uses.SelectMany(use => new RedisValue[] { use.Key, use.Value })]));

    private const string UsesScript = """
        for i = 1, #ARGV, 2 do
          local known = redis.call('HGET', KEYS[2], ARGV[i])
          if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 and (not known or tonumber(known) < tonumber(ARGV[i + 1])) then
            redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
          end
        end
        """;

    private RedisKey[] AllKeys => [keys.CallerKeys, keys.CallerKeyFingerprints, keys.CallerKeyIndex, keys.CallerKeyUses, keys.CallerKeyStamp];

    // In the index each key stands once for all keys, and once for each connection it names.
    private static IEnumerable<RedisValue> Entries(CallerKey key) => key.Connections.Prepend("").Select(connection => (RedisValue)$"{connection}/{key.Id}");

    private static string NewStamp() => Guid.NewGuid().ToString("N");

    private static DateTimeOffset? Moment(RedisValue seconds) => seconds.IsNull ? null : DateTimeOffset.FromUnixTimeSeconds((long)seconds);

    private static CallerKey? Decode(RedisValue record) => record.IsNull ? null : JsonSerializer.Deserialize<CallerKey>(record.ToString(), Json);
}
