using System.Globalization;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>
/// When somebody must look at which connection, in one sorted set. A moment in it may be too early, since a look is cheap and
/// sets the next one; it is never too late. What a tick costs grows with what is due, not with what exists.
/// </summary>
/// <remarks>
/// The set has a slot of its own in a cluster, so no script writes both it and a grant. A moment is therefore noted before the
/// write it is for: a crash in between costs a needless look.
/// </remarks>
internal sealed class DueIndex(RedisConnection redis, RedisKeys keys, TimeProvider time)
{
    // Well after any write, so that the look finds what was written.
    private static readonly TimeSpan AfterTheWrite = TimeSpan.FromMinutes(1);

    /// <summary>Notes a look at <paramref name="id"/>, and writes.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="moment">When it must be looked at, at the latest; null for soon after the write.</param>
    /// <param name="write">What makes the look necessary. When nothing could be noted, nothing is written.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach; it may or may not be written.</exception>
    public async Task<T> WriteAsync<T>(ConnectionId id, DateTimeOffset? moment, Func<Task<T>> write)
    {
        var began = time.GetUtcNow();
        var noted = moment ?? began + AfterTheWrite;
        await NoteAsync(id, noted);
        var written = await write();
        if (time.GetUtcNow() - began > (noted - began) / 2)
        {
            // The process was held up: the look may have come before the write, and found nothing to do.
            await NoteAsync(id, noted);
        }

        return written;
    }

    /// <summary>
    /// Somebody must look at <paramref name="id"/> at <paramref name="moment"/> at the latest. This always makes the moment in the
    /// index an earlier one, so that whoever is looking right now learns that there is something new.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task NoteAsync(ConnectionId id, DateTimeOffset moment) => StoreUnavailableException.GuardAsync(() =>
        redis.Database.ScriptEvaluateAsync(NoteScript, [keys.Due], [id.Value, moment.ToUnixTimeMilliseconds()]));

    private const string NoteScript = """
        local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
        local moment = tonumber(ARGV[2])
        if known then moment = math.min(moment, tonumber(known) - 1) end
        redis.call('ZADD', KEYS[1], string.format('%.0f', moment), ARGV[1])
        """;

    /// <summary>Takes up to <paramref name="limit"/> connections that are due. Each is due again after <paramref name="lease"/>, unless it is moved.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<IReadOnlyList<DueConnection>> ClaimAsync(TimeSpan lease, int limit) => StoreUnavailableException.GuardAsync<IReadOnlyList<DueConnection>>(async () =>
    {
        var now = time.GetUtcNow();
        var again = (now + lease).ToUnixTimeMilliseconds();
        var due = (RedisValue[])(await redis.Database.ScriptEvaluateAsync(ClaimScript, [keys.Due], [now.ToUnixTimeMilliseconds(), again, limit]))!;
        return [.. due.Select(id => new DueConnection(ConnectionId.Parse(id.ToString(), CultureInfo.InvariantCulture), again))];
    });

    private const string ClaimScript = """
        local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
        for _, id in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], id) end
        return due
        """;

    /// <summary>Sets the next look at a claimed connection, unless something was noted meanwhile.</summary>
    /// <param name="claimed">The claim.</param>
    /// <param name="next">The next moment; null takes the connection out of the index.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> MoveAsync(DueConnection claimed, DateTimeOffset? next) => StoreUnavailableException.GuardAsync(async () =>
        (bool)await redis.Database.ScriptEvaluateAsync(
            MoveScript, [keys.Due], [claimed.Id.Value, claimed.Again, next is { } moment ? moment.ToUnixTimeMilliseconds() : ""]));

    private const string MoveScript = """
        local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
        if not known or tonumber(known) ~= tonumber(ARGV[2]) then return 0 end
        if ARGV[3] == '' then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) end
        return 1
        """;
}

/// <summary>A connection that one replica looks at.</summary>
/// <param name="Id">The connection.</param>
/// <param name="Again">When it is due again by the claim, in milliseconds since 1970. No two claims of a connection have the same.</param>
internal sealed record DueConnection(ConnectionId Id, long Again);
