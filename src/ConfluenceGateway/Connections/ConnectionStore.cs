using System.Globalization;
using System.Security.Cryptography;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>Connections and their descriptive records in Redis. Grants are written by <see cref="GrantStore"/>.</summary>
/// <remarks>What a person changes is told here at once, and not only by the notice: the next request on this replica must see it.</remarks>
internal sealed class ConnectionStore(RedisConnection redis, RedisKeys keys, GrantProtection protection, DueIndex due, ConnectionChanges changes, ConnectionEvents events, TimeProvider time)
{
    /// <summary>Reads a connection with its grant; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    public Task<ConnectionSnapshot?> ReadAsync(ConnectionId id) => StoreUnavailableException.GuardAsync(async () =>
    {
        var database = redis.Database;
        var connection = database.HashGetAllAsync(keys.Connection(id.Value));
        var grant = database.HashGetAllAsync(keys.Grant(id.Value));
        await Task.WhenAll(connection, grant);
        return Decode(id, await connection) is { } decoded ? new ConnectionSnapshot(decoded, GrantRecord.Decode(id, await grant, protection)) : null;
    });

    /// <summary>Reads a connection as if it had no grant; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<ConnectionSnapshot?> ReadWithoutGrantAsync(ConnectionId id) => StoreUnavailableException.GuardAsync(async () =>
        Decode(id, await redis.Database.HashGetAllAsync(keys.Connection(id.Value))) is { } decoded ? new ConnectionSnapshot(decoded, null) : null);

    /// <summary>Makes the connection, or changes what is given of it; null leaves a value as it is.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<WriteOutcome> WriteAsync(
        ConnectionId id, string? displayName, string? siteUrl, string? cloudId, DateTimeOffset now, CompatibilityChoices? compatibility = null, Precondition precondition = default) =>
        StoreUnavailableException.GuardAsync(async () =>
        {
            if (precondition.Revisions is null)
            {
                // The index comes first: a connection that is listed and not there is skipped, one that is not listed would be lost to sight.
                await redis.Database.SortedSetAddAsync(keys.Connections, id.Value, 0);
            }

            var outcome = (WriteOutcome)(int)await redis.Database.ScriptEvaluateAsync(
                WriteScript,
                [keys.Connection(id.Value)],
                [
                    now.ToUnixTimeMilliseconds(), displayName ?? "", siteUrl ?? "", cloudId ?? "", keys.Changes.ToString(), id.Value,
                    compatibility is not null, Choice(compatibility?.RewriteLinks), Choice(compatibility?.FollowMediaRedirects), compatibility?.V1 is { } v1 ? Name(v1) : "",
                    precondition.Argument,
                ]);
            changes.Tell(id.Value);
            return outcome;
        });

    private const string WriteScript = $$"""
        {{Precondition.Check}}
        if not holds(KEYS[1], ARGV[11]) then return 2 end
        local made = redis.call('HSETNX', KEYS[1], 'created_at', ARGV[1])
        redis.call('HINCRBY', KEYS[1], 'revision', 1)
        if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'display_name', ARGV[2]) end
        if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'site_url', ARGV[3]) end
        if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'cloud_id', ARGV[4]) end
        if ARGV[7] == '1' then
          redis.call('HDEL', KEYS[1], 'rewrite_links', 'follow_media_redirects', 'v1')
          if ARGV[8] ~= '' then redis.call('HSET', KEYS[1], 'rewrite_links', ARGV[8]) end
          if ARGV[9] ~= '' then redis.call('HSET', KEYS[1], 'follow_media_redirects', ARGV[9]) end
          if ARGV[10] ~= '' then redis.call('HSET', KEYS[1], 'v1', ARGV[10]) end
        end
        redis.call('PUBLISH', ARGV[5], ARGV[6])
        return made
        """;

    /// <summary>Stops the connection's traffic, or lets it flow again.</summary>
    /// <returns>Whether the connection exists.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> SetPausedAsync(ConnectionId id, bool paused) => TellAsync(id, async () =>
        (bool)await redis.Database.ScriptEvaluateAsync(
            PauseScript,
            keys.OfConnection(id.Value),
            [paused ? 1 : 0, keys.Changes.ToString(), id.Value, events.Entry(paused ? ConnectionEvents.Paused : ConnectionEvents.Resumed, time.GetUtcNow())]));

    // Paused twice is told once.
    private const string PauseScript = $$"""
        {{ConnectionEvents.Tell}}
        if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
        if (redis.call('HGET', KEYS[2], 'paused') or '0') == ARGV[1] then return 1 end
        redis.call('HSET', KEYS[2], 'paused', ARGV[1])
        redis.call('HINCRBY', KEYS[2], 'revision', 1)
        tell(ARGV[4])
        redis.call('PUBLISH', ARGV[2], ARGV[3])
        return 1
        """;

    /// <summary>Whether there is such a connection.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> ExistsAsync(ConnectionId id) => StoreUnavailableException.GuardAsync(() => redis.Database.KeyExistsAsync(keys.Connection(id.Value)));

    /// <summary>Erases a connection, its grant and what is known of both. That it was deleted is told.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<DeleteOutcome> DeleteAsync(ConnectionId id, Precondition precondition = default) => TellAsync(id, async () =>
    {
        var outcome = (DeleteOutcome)(int)await redis.Database.ScriptEvaluateAsync(
            DeleteScript,
            [.. keys.OfConnection(id.Value), keys.Rotations(id.Value)],
            [keys.Changes.ToString(), id.Value, events.Entry(ConnectionEvents.Deleted, time.GetUtcNow()), precondition.Argument]);
        if (outcome != DeleteOutcome.PreconditionFailed)
        {
            await redis.Database.SortedSetRemoveAsync(keys.Connections, id.Value);
            // The next look, at once, finds nothing and takes it out of what is kept by age.
            await due.NoteAsync(id, DateTimeOffset.UnixEpoch);
        }

        return outcome;
    });

    // The outbox outlives the connection: the events before this one are told, and then this one.
    private const string DeleteScript = $$"""
        {{Precondition.Check}}
        if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
        if not holds(KEYS[2], ARGV[4]) then return 2 end
        redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[5])
        redis.call('RPUSH', KEYS[4], ARGV[3])
        redis.call('PUBLISH', ARGV[1], ARGV[2])
        return 1
        """;

    // The look relays the event should this process vanish.
    private Task<T> TellAsync<T>(ConnectionId id, Func<Task<T>> write) => StoreUnavailableException.GuardAsync(async () =>
    {
        var written = await due.WriteAsync(id, null, write);
        changes.Tell(id.Value);
        events.Announce(id.Value);
        return written;
    });

    /// <summary>The ids after <paramref name="after"/> in order, <paramref name="limit"/> at most.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<IReadOnlyList<ConnectionId>> ListAsync(string? after, int limit) => StoreUnavailableException.GuardAsync<IReadOnlyList<ConnectionId>>(async () =>
    {
        var values = await redis.Database.SortedSetRangeByValueAsync(
            keys.Connections, after is null ? default : (RedisValue)after, default, Exclude.Start, Order.Ascending, 0, limit);
        return [.. values.Select(value => ConnectionId.Parse(value.ToString(), CultureInfo.InvariantCulture))];
    });

    /// <summary>The tokens of a connection as they lie in the store; null when it has none.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<byte[]?> CiphertextAsync(ConnectionId id) => StoreUnavailableException.GuardAsync(async () => (byte[]?)await redis.Database.HashGetAsync(keys.Grant(id.Value), "ciphertext"));

    private static Connection? Decode(ConnectionId id, HashEntry[] entries)
    {
        if (entries.Length == 0)
        {
            return null;
        }

        var fields = entries.ToDictionary(entry => entry.Name.ToString(), entry => entry.Value, StringComparer.Ordinal);
        return new Connection(
            id,
            fields.GetValueOrDefault("display_name").ToString() is { Length: > 0 } name ? name : id.Value,
            fields.TryGetValue("site_url", out var siteUrl) ? siteUrl.ToString() : null,
            fields.TryGetValue("cloud_id", out var cloudId) ? cloudId.ToString() : null,
            fields.TryGetValue("paused", out var paused) && paused == 1,
            DateTimeOffset.FromUnixTimeMilliseconds((long)fields["created_at"]))
        {
            // Records from before edits were counted have none.
            Revision = fields.TryGetValue("revision", out var revision) ? (long)revision : 0,
            Compatibility = new CompatibilityChoices(
                Choice(fields, "rewrite_links"), Choice(fields, "follow_media_redirects"), V1(fields)),
        };
    }

    private static string Name(V1Service service) => service.ToString().ToLowerInvariant();

    // What a newer replica may have written is taken for no choice.
    private static V1Service? V1(Dictionary<string, RedisValue> fields) =>
        fields.TryGetValue("v1", out var choice) && Enum.TryParse<V1Service>(choice.ToString(), ignoreCase: true, out var made) ? made : null;

    private static RedisValue Choice(bool? choice) => choice is { } made ? made : "";

    private static bool? Choice(Dictionary<string, RedisValue> fields, string name) => fields.TryGetValue(name, out var choice) ? choice == 1 : null;
}

/// <summary>The store cannot be read or written now; nothing is said about what it holds.</summary>
internal sealed class StoreUnavailableException(Exception inner) : Exception("The store is out of reach.", inner)
{
    /// <summary>Runs <paramref name="work"/> and turns what says "out of reach" into this exception.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (RedisConnection.IsUnavailable(exception) || exception is KeyRingUnavailableException or CryptographicException)
        {
            throw new StoreUnavailableException(exception);
        }
    }
}
