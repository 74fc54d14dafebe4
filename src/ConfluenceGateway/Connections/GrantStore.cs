using System.Text.Json.Nodes;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>Grants in Redis. Locks can be lost by a pause, a fingerprint cannot lie: every script compares one before it sets.</summary>
internal sealed class GrantStore(ConnectionStore connections, DurableWrites writes, RedisKeys keys, GrantProtection protection, DueIndex due, ConnectionChanges changes, ConnectionEvents events) : IGrantStore
{
    /// <inheritdoc />
    public Task<ConnectionSnapshot?> ReadAsync(ConnectionId id) => connections.ReadAsync(id);

    /// <inheritdoc />
    public Task<bool> BeginAsync(ConnectionId id, Grant seen, Intent intent) => StoreUnavailableException.GuardAsync(() =>
        // Should this process vanish in the exchange, somebody looks at its deadline.
        due.WriteAsync(id, intent.Deadline, async () => (bool)await EvaluateAsync(
            BeginScript,
            id,
            seen.Pair.RefreshToken.Fingerprint, seen.Attempts, intent.Attempt, intent.Replica,
            GrantRecord.Value(intent.StartedAt), GrantRecord.Value(intent.Deadline), Optional(intent.UnansweredSince))));

    private const string BeginScript = """
        if redis.call('HGET', KEYS[1], 'fingerprint') ~= ARGV[3] or redis.call('HGET', KEYS[1], 'state') ~= 'active' then return 0 end
        if (redis.call('HGET', KEYS[1], 'attempts') or '0') ~= ARGV[4] then return 0 end
        redis.call('HSET', KEYS[1], 'attempts', ARGV[5], 'intent_attempt', ARGV[5], 'intent_replica', ARGV[6], 'intent_started_at', ARGV[7], 'intent_deadline', ARGV[8])
        if ARGV[9] == '' then redis.call('HDEL', KEYS[1], 'intent_unanswered_since') else redis.call('HSET', KEYS[1], 'intent_unanswered_since', ARGV[9]) end
        return 1
        """;

    /// <inheritdoc />
    public Task<bool> EndAsync(ConnectionId id, Secret spent, Intent ended, Rest rest) => StoreUnavailableException.GuardAsync(async () =>
        (bool)await EvaluateAsync(
            EndScript,
            id,
            spent.Fingerprint, ended.Attempt, ended.Replica, Optional(ended.UnansweredSince), GrantRecord.Value(ended.Deadline),
            rest.Failures, GrantRecord.Value(rest.Until)));

    private const string EndScript = """
        if redis.call('HGET', KEYS[1], 'fingerprint') ~= ARGV[3] then return 0 end
        if redis.call('HGET', KEYS[1], 'intent_attempt') ~= ARGV[4] or redis.call('HGET', KEYS[1], 'intent_replica') ~= ARGV[5] then return 0 end
        if ARGV[6] == '' then
          redis.call('HDEL', KEYS[1], 'intent_attempt', 'intent_replica', 'intent_started_at', 'intent_deadline', 'intent_unanswered_since')
        else
          redis.call('HSET', KEYS[1], 'intent_unanswered_since', ARGV[6], 'intent_deadline', ARGV[7])
        end
        redis.call('HSET', KEYS[1], 'failures', ARGV[8], 'next_attempt_at', ARGV[9])
        redis.call('PUBLISH', ARGV[1], ARGV[2])
        return 1
        """;

    /// <inheritdoc />
    public Task<long?> CommitAsync(ConnectionId id, Exchange exchange, TokenPair pair, bool afterRejection, bool yields = false) => StoreUnavailableException.GuardAsync(async () =>
    {
        // A dead grant that this heals is no longer in the index.
        var generation = await due.WriteAsync(id, null, async () => (long)await TellAsync(
            CommitScript,
            id,
            exchange.Spent, exchange.Attempt, pair.RefreshToken.Fingerprint, protection.Protect(id.Value, pair),
            GrantRecord.Value(pair.ObtainedAt), GrantRecord.Value(pair.ExpiresAt), afterRejection ? 1 : 0, yields ? 1 : 0,
            events.Entry(ConnectionEvents.Recovered, pair.ObtainedAt)));
        return generation == 0 ? (long?)null : generation;
    });

    // First, a retry of a commit whose answer was lost: it writes again, so that there is something to wait for. Then a second
    // exchange of the same token: the later pair is the safer one to keep, and where the endpoint left the refresh token as it
    // was only the attempt tells which is later. Success on the current token proves that the grant lives, so a death that
    // was noted in between goes.
    private const string CommitScript = $$"""
        {{ConnectionEvents.Tell}}
        local stored = redis.call('HGET', KEYS[1], 'fingerprint')
        local spent = redis.call('HGET', KEYS[1], 'origin_spent')
        local attempt = redis.call('HGET', KEYS[1], 'origin_attempt')
        if stored == ARGV[5] and spent == ARGV[3] and attempt == ARGV[4] then
          redis.call('HSET', KEYS[1], 'fingerprint', ARGV[5])
          return tonumber(redis.call('HGET', KEYS[1], 'generation'))
        end
        if spent == ARGV[3] then
          if tonumber(ARGV[4]) <= tonumber(attempt) then return 0 end
        elseif stored ~= ARGV[3] then
          return 0
        end
        local intent = redis.call('HGET', KEYS[1], 'intent_attempt')
        if ARGV[10] == '1' and intent and stored == ARGV[3] and tonumber(intent) > tonumber(ARGV[4]) then return 0 end
        if redis.call('HGET', KEYS[1], 'state') == 'reauth_required' then tell(ARGV[11]) end
        local generation = redis.call('HINCRBY', KEYS[1], 'generation', 1)
        redis.call('HSET', KEYS[1], 'origin_spent', ARGV[3], 'origin_attempt', ARGV[4], 'fingerprint', ARGV[5], 'ciphertext', ARGV[6],
          'obtained_at', ARGV[7], 'expires_at', ARGV[8], 'state', 'active', 'after_rejection', ARGV[9])
        redis.call('HDEL', KEYS[1], {{GrantRecord.Passing}})
        redis.call('PUBLISH', ARGV[1], ARGV[2])
        return generation
        """;

    /// <inheritdoc />
    public Task<bool> MarkDeadAsync(ConnectionId id, Secret rejected, long attempt, GrantDeath death) => StoreUnavailableException.GuardAsync(() =>
        // The look finds nothing to refresh, and relays the event should this process vanish before it does.
        due.WriteAsync(id, null, async () => (bool)await TellAsync(
            MarkDeadScript,
            id,
            rejected.Fingerprint, attempt, GrantRecord.Name(death.Reason), death.Evidence, GrantRecord.Value(death.Since!.Value),
            events.Entry(ConnectionEvents.ReauthRequired, death.Since.Value, new JsonObject { ["reason"] = GrantRecord.Name(death.Reason) }))));

    private const string MarkDeadScript = $$"""
        {{ConnectionEvents.Tell}}
        if redis.call('HGET', KEYS[1], 'fingerprint') ~= ARGV[3] then return 0 end
        local intent = redis.call('HGET', KEYS[1], 'intent_attempt')
        if intent and intent ~= ARGV[4] and tonumber(redis.call('HGET', KEYS[1], 'intent_deadline')) > tonumber(ARGV[7]) then return 0 end
        if redis.call('HGET', KEYS[1], 'state') == 'active' then tell(ARGV[8]) end
        redis.call('HDEL', KEYS[1], {{GrantRecord.Passing}})
        redis.call('HSET', KEYS[1], 'state', 'reauth_required', 'reason', ARGV[5], 'evidence', ARGV[6], 'since', ARGV[7])
        redis.call('PUBLISH', ARGV[1], ARGV[2])
        return 1
        """;

    /// <inheritdoc />
    public Task<bool> ReviveAsync(ConnectionId id, Secret refused, DateTimeOffset since, DateTimeOffset now) => StoreUnavailableException.GuardAsync(() =>
        due.WriteAsync(id, null, async () => (bool)await TellAsync(
            ReviveScript,
            id,
            refused.Fingerprint, GrantRecord.Value(since), events.Entry(ConnectionEvents.Recovered, now))));

    private const string ReviveScript = $$"""
        {{ConnectionEvents.Tell}}
        if redis.call('HGET', KEYS[1], 'fingerprint') ~= ARGV[3] or redis.call('HGET', KEYS[1], 'since') ~= ARGV[4] then return 0 end
        redis.call('HSET', KEYS[1], 'state', 'active')
        redis.call('HDEL', KEYS[1], 'reason', 'evidence', 'since')
        tell(ARGV[5])
        redis.call('PUBLISH', ARGV[1], ARGV[2])
        return 1
        """;

    /// <inheritdoc />
    public Task<bool> RestoreAsync(ConnectionId id, Grant held, Grant? seen) => StoreUnavailableException.GuardAsync(() =>
        due.WriteAsync(id, null, async () => (bool)await EvaluateAsync(
            RestoreScript,
            id,
            seen?.Pair.RefreshToken.Fingerprint ?? "", held.Pair.RefreshToken.Fingerprint, protection.Protect(id.Value, held.Pair),
            GrantRecord.Value(held.Pair.ObtainedAt), GrantRecord.Value(held.Pair.ExpiresAt), held.AfterRejection ? 1 : 0,
            held.Generation, held.ClientId, held.AccountId ?? "", GrantRecord.Value(held.ConsentedAt),
            held.Origin?.Spent ?? "", held.Origin?.Attempt ?? 0, held.Attempts, held.IsImported ? 1 : 0)));

    private const string RestoreScript = $$"""
        if redis.call('EXISTS', KEYS[2]) == 0 or (redis.call('HGET', KEYS[1], 'fingerprint') or '') ~= ARGV[3] then return 0 end
        redis.call('HDEL', KEYS[1], 'origin_spent', 'origin_attempt', 'consent_told', {{GrantRecord.Passing}})
        redis.call('HSET', KEYS[1], 'fingerprint', ARGV[4], 'ciphertext', ARGV[5], 'obtained_at', ARGV[6], 'expires_at', ARGV[7], 'state', 'active',
          'after_rejection', ARGV[8], 'generation', ARGV[9], 'client_id', ARGV[10], 'account_id', ARGV[11], 'consented_at', ARGV[12], 'imported', ARGV[16])
        if ARGV[13] ~= '' then redis.call('HSET', KEYS[1], 'origin_spent', ARGV[13], 'origin_attempt', ARGV[14]) end
        local attempts = math.max(tonumber(ARGV[15]), tonumber(redis.call('HGET', KEYS[1], 'attempts') or '0'))
        redis.call('HSET', KEYS[1], 'attempts', string.format('%.0f', attempts))
        redis.call('PUBLISH', ARGV[1], ARGV[2])
        return 1
        """;

    /// <summary>Stores a new consent, or an import, as the next generation, and pins the site it was given for.</summary>
    /// <returns>The new generation, or null when the connection is gone.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach; it may or may not be stored.</exception>
    public Task<long?> ReplaceAsync(ConnectionId id, TokenPair pair, string clientId, string? accountId, string cloudId, string siteUrl, bool isImport = false) =>
        StoreUnavailableException.GuardAsync(async () =>
        {
            var generation = await due.WriteAsync(id, null, async () => (long)await TellAsync(
                ReplaceScript,
                id,
                pair.RefreshToken.Fingerprint, protection.Protect(id.Value, pair),
                GrantRecord.Value(pair.ObtainedAt), GrantRecord.Value(pair.ExpiresAt),
                clientId, accountId ?? "", cloudId, siteUrl,
                events.Entry(ConnectionEvents.Connected, pair.ObtainedAt), events.Entry(ConnectionEvents.Recovered, pair.ObtainedAt),
                isImport ? 1 : 0));
            // The person who consented may try at once, on this replica, before the notice comes.
            changes.Tell(id.Value);
            return generation == 0 ? (long?)null : generation;
        });

    // A consent is later than the one before whatever the clocks say, since the later one is the newer grant.
    private const string ReplaceScript = $$"""
        {{ConnectionEvents.Tell}}
        if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
        local state = redis.call('HGET', KEYS[1], 'state')
        if not state then tell(ARGV[11]) elseif state == 'reauth_required' then tell(ARGV[12]) end
        local consented = math.max(tonumber(ARGV[5]), tonumber(redis.call('HGET', KEYS[1], 'consented_at') or '0') + 1)
        local generation = redis.call('HINCRBY', KEYS[1], 'generation', 1)
        redis.call('HSET', KEYS[1], 'fingerprint', ARGV[3], 'ciphertext', ARGV[4], 'obtained_at', ARGV[5], 'expires_at', ARGV[6], 'state', 'active',
          'client_id', ARGV[7], 'account_id', ARGV[8], 'consented_at', string.format('%.0f', consented), 'imported', ARGV[13])
        redis.call('HDEL', KEYS[1], 'after_rejection', 'origin_spent', 'origin_attempt', 'consent_told', {{GrantRecord.Passing}})
        redis.call('HSET', KEYS[2], 'cloud_id', ARGV[9], 'site_url', ARGV[10])
        redis.call('HINCRBY', KEYS[2], 'revision', 1)
        redis.call('PUBLISH', ARGV[1], ARGV[2])
        return generation
        """;

    /// <summary>Encrypts a grant anew when it lies under a key that encrypts no more. The tokens stay what they are.</summary>
    /// <returns>Whether it was; false too when a rotation came first, which encrypts by itself.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The ring cannot read it.</exception>
    public async Task<bool> ReencryptAsync(ConnectionId id) =>
        await connections.CiphertextAsync(id) is { } stored && protection.Reencrypt(id.Value, stored) is { } fresh
            && await StoreUnavailableException.GuardAsync(async () => (bool)await EvaluateAsync(ReencryptScript, id, stored, fresh));

    private const string ReencryptScript = """
        if redis.call('HGET', KEYS[1], 'ciphertext') ~= ARGV[3] then return 0 end
        redis.call('HSET', KEYS[1], 'ciphertext', ARGV[4])
        return 1
        """;

    // Every script gets the channel and the id first among its arguments.
    private Task<RedisResult> EvaluateAsync(string script, ConnectionId id, params RedisValue[] values) =>
        writes.EvaluateAsync(script, keys.OfConnection(id.Value), [keys.Changes.ToString(), id.Value, .. values]);

    // The same for a script that may tell an event.
    private async Task<RedisResult> TellAsync(string script, ConnectionId id, params RedisValue[] values)
    {
        var answer = await EvaluateAsync(script, id, values);
        events.Announce(id.Value);
        return answer;
    }

    private static RedisValue Optional(DateTimeOffset? time) => time is { } known ? GrantRecord.Value(known) : "";
}
