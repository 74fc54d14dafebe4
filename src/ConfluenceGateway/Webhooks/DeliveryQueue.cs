using System.Security.Cryptography;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Webhooks;

/// <summary>
/// What waits for each endpoint, in Redis. The first event of a subject holds back the later ones of that subject and no others.
/// A replica claims subjects for a while, so that one which dies leaves them to the others.
/// </summary>
internal sealed class DeliveryQueue(RedisConnection redis, RedisKeys keys, KeyRing ring, TimeProvider time)
{
    /// <summary>How many events of an endpoint are remembered, waiting or not.</summary>
    public const int Most = 10_000;

    /// <summary>How long an event is remembered, and waits at most.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>Raised when some endpoint has an event that is due now.</summary>
    public event Action? Queued;

    // A subject's places are those between "subject " and "subject!", the character after the space.
    private const string Steps = """
        local function head(subject)
          return redis.call('ZRANGEBYLEX', KEYS[3], '[' .. subject .. ' ', '(' .. subject .. '!', 'LIMIT', 0, 1)[1]
        end
        local function append(subject, event, now, delivery)
          local newest = redis.call('ZRANGE', KEYS[4], -1, -1)[1]
          local number = tonumber(now) * 1000
          if newest then number = math.max(number, tonumber(string.match(newest, ' (%d+) ')) + 1) end
          local text = string.format('%.0f', number)
          local place = subject .. ' ' .. text .. ' ' .. event
          redis.call('ZADD', KEYS[4], text, place)
          redis.call('ZADD', KEYS[3], 0, place)
          redis.call('HSET', KEYS[5], event, place .. ' ' .. delivery)
          if not redis.call('ZSCORE', KEYS[2], subject) then redis.call('ZADD', KEYS[2], now, subject) end
        end
        local function keep(life)
          for at = 2, 6 do redis.call('PEXPIRE', KEYS[at], life) end
        end

        """;

    /// <summary>Lets an event wait for an endpoint, once, however often it is told.</summary>
    /// <param name="endpoint">The endpoint's id.</param>
    /// <param name="subject">What it is about; no spaces.</param>
    /// <param name="told">The event.</param>
    /// <param name="payload">What is sent, in every attempt.</param>
    /// <returns>What had to go for it, or whether the endpoint takes none.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    public Task<Enqueued> EnqueueAsync(string endpoint, string subject, ConnectionEvent told, byte[] payload) => StoreUnavailableException.GuardAsync(async () =>
    {
        var now = time.GetUtcNow();
        var answer = (RedisValue[])(await redis.Database.ScriptEvaluateAsync(
            EnqueueScript,
            keys.WebhookQueue(endpoint),
            [
                subject, told.Id, now.ToUnixTimeMilliseconds(), new Delivery(told.Type, told.At).Write(), Protector(endpoint).Protect(payload),
                (now - Life).ToUnixTimeMilliseconds() * 1000, Most, LifeMs,
            ]))!;
        Queued?.Invoke();
        return new Enqueued(answer[0] == 1, [.. answer[1..].Select(dropped => Delivery.Read(DeliveryPlace.Read(dropped.ToString()).Behind))]);
    });

    // A bounded number goes at a time: one more than comes, so that it ends, and not so many that the store is held up.
    private const string EnqueueScript = Steps + """
        if redis.call('HGET', KEYS[1], 'enabled') ~= '1' then return {0} end
        if redis.call('HEXISTS', KEYS[5], ARGV[2]) == 1 then return {1} end
        redis.call('HSET', KEYS[6], ARGV[2], ARGV[5])
        append(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
        local going = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', ARGV[6], 'LIMIT', 0, 100)
        if #going == 0 and redis.call('ZCARD', KEYS[4]) > tonumber(ARGV[7]) then going = redis.call('ZRANGE', KEYS[4], 0, 1) end
        local answer = {1}
        for _, place in ipairs(going) do
          local subject, event = string.match(place, '^(%S+) %d+ (%S+)$')
          if redis.call('ZREM', KEYS[3], place) == 1 then
            table.insert(answer, redis.call('HGET', KEYS[5], event))
            if not head(subject) then redis.call('ZREM', KEYS[2], subject) end
          end
          redis.call('ZREM', KEYS[4], place)
          redis.call('HDEL', KEYS[5], event)
          redis.call('HDEL', KEYS[6], event)
        end
        keep(ARGV[8])
        return answer
        """;

    /// <summary>Takes up to <paramref name="limit"/> events that are due, each of another subject. Nobody else gets them before the lease ends.</summary>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    public Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(string endpoint, TimeSpan lease, int limit) => StoreUnavailableException.GuardAsync<IReadOnlyList<ClaimedDelivery>>(async () =>
    {
        var now = time.GetUtcNow();
        var again = (now + lease).ToUnixTimeMilliseconds();
        var claimed = (RedisValue[])(await redis.Database.ScriptEvaluateAsync(ClaimScript, keys.WebhookQueue(endpoint), [now.ToUnixTimeMilliseconds(), again, limit]))!;
        return [.. claimed.Chunk(2).Select(one =>
        {
            var (place, delivery) = DeliveryPlace.Read(one[0].ToString());
            return new ClaimedDelivery(endpoint, place, again, Delivery.Read(delivery), Payload(endpoint, one[1]!));
        })];
    });

    private const string ClaimScript = Steps + """
        local claimed = {}
        for _, subject in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
          local event = string.match(head(subject), '(%S+)$')
          redis.call('ZADD', KEYS[2], ARGV[2], subject)
          table.insert(claimed, redis.call('HGET', KEYS[5], event))
          table.insert(claimed, redis.call('HGET', KEYS[6], event))
        end
        return claimed
        """;

    /// <summary>Notes what became of a claimed delivery. When it ended, the next one of its subject is due.</summary>
    /// <returns>False when the claim had ended, and somebody else may have sent it too; nothing is noted then.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> FinishAsync(ClaimedDelivery claimed, Delivery after) => StoreUnavailableException.GuardAsync(async () =>
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return (bool)await redis.Database.ScriptEvaluateAsync(
            FinishScript,
            keys.WebhookQueue(claimed.Endpoint),
            [
                claimed.Place.Subject, claimed.Again, claimed.Place.ToString(), claimed.Place.EventId, after.Write(), now,
                after.NextAttemptAt is { } next ? next.ToUnixTimeMilliseconds() : "", LifeMs,
            ]);
    });

    private const string FinishScript = Steps + """
        local due = redis.call('ZSCORE', KEYS[2], ARGV[1])
        if not due or tonumber(due) ~= tonumber(ARGV[2]) then return 0 end
        if redis.call('HEXISTS', KEYS[5], ARGV[4]) == 1 then redis.call('HSET', KEYS[5], ARGV[4], ARGV[3] .. ' ' .. ARGV[5]) end
        if ARGV[7] == '' then redis.call('ZREM', KEYS[3], ARGV[3]) end
        if not head(ARGV[1]) then redis.call('ZREM', KEYS[2], ARGV[1])
        elseif ARGV[7] == '' then redis.call('ZADD', KEYS[2], ARGV[6], ARGV[1])
        else redis.call('ZADD', KEYS[2], ARGV[7], ARGV[1]) end
        keep(ARGV[8])
        return 1
        """;

    /// <summary>When the next event of an endpoint is due, or the next claim ends; null when none waits.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<DateTimeOffset?> NextAsync(string endpoint) => StoreUnavailableException.GuardAsync<DateTimeOffset?>(async () =>
        await redis.Database.SortedSetRangeByRankWithScoresAsync(keys.WebhookQueue(endpoint)[1], 0, 0) is [var next]
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)next.Score) : null);

    /// <summary>Sends an event again that ended, behind what waits of its subject; one that waits is tried now.</summary>
    /// <returns>The delivery; null when the event is not remembered.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public async Task<LoggedDelivery?> ReplayAsync(string endpoint, string eventId)
    {
        var replayed = await StoreUnavailableException.GuardAsync<LoggedDelivery?>(async () =>
        {
            var queue = keys.WebhookQueue(endpoint);
            while (await redis.Database.HashGetAsync(queue[4], eventId) is { HasValue: true } stored)
            {
                var (place, rest) = DeliveryPlace.Read(stored.ToString());
                var delivery = Delivery.Read(rest);
                var fresh = delivery.Status == DeliveryStatus.Waiting ? delivery : new Delivery(delivery.Type, delivery.At);
                if ((bool)await redis.Database.ScriptEvaluateAsync(
                    ReplayScript, queue, [stored, place.ToString(), place.Subject, eventId, time.GetUtcNow().ToUnixTimeMilliseconds(), fresh.Write(), LifeMs]))
                {
                    return new LoggedDelivery(place, fresh);
                }
            }

            return null;
        });
        if (replayed is not null)
        {
            Queued?.Invoke();
        }

        return replayed;
    }

    private const string ReplayScript = Steps + """
        if redis.call('HGET', KEYS[5], ARGV[4]) ~= ARGV[1] then return 0 end
        if redis.call('ZSCORE', KEYS[3], ARGV[2]) then
          redis.call('ZADD', KEYS[2], ARGV[5], ARGV[3])
        else
          redis.call('ZREM', KEYS[4], ARGV[2])
          append(ARGV[3], ARGV[4], ARGV[5], ARGV[6])
        end
        keep(ARGV[7])
        return 1
        """;

    /// <summary>What became of events, newest first.</summary>
    /// <param name="endpoint">The endpoint's id.</param>
    /// <param name="before">The number of a place; only what is older is listed. Null for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<IReadOnlyList<LoggedDelivery>> ListAsync(string endpoint, long? before, int limit) => StoreUnavailableException.GuardAsync<IReadOnlyList<LoggedDelivery>>(async () =>
    {
        var queue = keys.WebhookQueue(endpoint);
        var places = await redis.Database.SortedSetRangeByScoreAsync(
            queue[3], double.NegativeInfinity, before ?? double.PositiveInfinity, Exclude.Stop, Order.Descending, 0, limit);
        var stored = places.Length == 0 ? [] : await redis.Database.HashGetAsync(queue[4], [.. places.Select(place => (RedisValue)DeliveryPlace.Read(place.ToString()).Place.EventId)]);
        return [.. stored.Where(one => one.HasValue).Select(one => DeliveryPlace.Read(one.ToString())).Select(one => new LoggedDelivery(one.Place, Delivery.Read(one.Behind)))];
    });

    private static long LifeMs => (long)Life.TotalMilliseconds;

    private Microsoft.AspNetCore.DataProtection.IDataProtector Protector(string endpoint) => ring.Protector("webhook-payload", endpoint);

    private byte[]? Payload(string endpoint, byte[] stored)
    {
        try
        {
            return Protector(endpoint).Unprotect(stored);
        }
        catch (CryptographicException)
        {
            // One that another ring encrypted must not hold up the others for ever.
            return null;
        }
    }
}

/// <summary>What came of queueing an event.</summary>
/// <param name="Taken">Whether the endpoint takes events; false when it is disabled or gone.</param>
/// <param name="Dropped">What waited longest, and waits no more because there was too much or it was too old.</param>
internal sealed record Enqueued(bool Taken, IReadOnlyList<Delivery> Dropped);

/// <summary>A delivery that one replica makes an attempt at.</summary>
/// <param name="Endpoint">The endpoint's id.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Again">When the claim ends, in milliseconds since 1970.</param>
/// <param name="Delivery">What became of it so far.</param>
/// <param name="Payload">What to send; null when it cannot be decrypted any more.</param>
internal sealed record ClaimedDelivery(string Endpoint, DeliveryPlace Place, long Again, Delivery Delivery, byte[]? Payload);

/// <summary>A delivery and where it stands.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Delivery">What became of it.</param>
public sealed record LoggedDelivery(DeliveryPlace Place, Delivery Delivery);
