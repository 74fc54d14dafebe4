using System.Text.Json;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>
/// Writes grants. Every write that follows from a refresh compares the fingerprint of the token that was spent and sets
/// only if it is still the stored one: locks can be lost by a pause, a fingerprint cannot lie.
/// </summary>
internal sealed class GrantStore(RedisConnection redis, RedisKeys keys, GrantProtection protection)
{
    /// <summary>Stores the pair that <paramref name="spent"/> was exchanged for.</summary>
    /// <returns>The new generation, or null when another pair is stored in the meantime, or none.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach; the pair may or may not be stored.</exception>
    public Task<long?> CommitAsync(ConnectionId id, Secret spent, TokenPair pair, bool afterRejection) => StoreUnavailableException.GuardAsync(async () =>
    {
        var generation = (long)await redis.Database.ScriptEvaluateAsync(
            CommitScript,
            [keys.Grant(id.Value)],
            [
                spent.Fingerprint, pair.RefreshToken.Fingerprint, protection.Protect(id.Value, pair),
                pair.ObtainedAt.ToUnixTimeMilliseconds(), pair.ExpiresAt.ToUnixTimeMilliseconds(), afterRejection ? 1 : 0,
                keys.Changes.ToString(), id.Value,
            ]);
        return generation == 0 ? (long?)null : generation;
    });

    // The second comparison answers a retry of a commit whose first answer was lost. Success on the current token proves
    // that the grant lives, so a death that was noted in between goes.
    private const string CommitScript = """
        local stored = redis.call('HGET', KEYS[1], 'fingerprint')
        if stored ~= ARGV[1] then
          if stored == ARGV[2] then return tonumber(redis.call('HGET', KEYS[1], 'generation')) end
          return 0
        end
        local generation = redis.call('HINCRBY', KEYS[1], 'generation', 1)
        redis.call('HSET', KEYS[1], 'fingerprint', ARGV[2], 'ciphertext', ARGV[3], 'obtained_at', ARGV[4], 'expires_at', ARGV[5], 'state', 'active', 'after_rejection', ARGV[6])
        redis.call('HDEL', KEYS[1], 'reason', 'evidence', 'since')
        redis.call('PUBLISH', ARGV[7], ARGV[8])
        return generation
        """;

    /// <summary>Notes that the grant is dead, if <paramref name="rejected"/> is still its refresh token.</summary>
    /// <returns>Whether it was noted.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> MarkDeadAsync(ConnectionId id, Secret rejected, GrantDeath death) => StoreUnavailableException.GuardAsync(async () =>
        (bool)await redis.Database.ScriptEvaluateAsync(
            MarkDeadScript,
            [keys.Grant(id.Value)],
            [
                rejected.Fingerprint, Name(death.Reason), death.Evidence, death.Since!.Value.ToUnixTimeMilliseconds(),
                keys.Changes.ToString(), id.Value,
            ]));

    private const string MarkDeadScript = """
        if redis.call('HGET', KEYS[1], 'fingerprint') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 'state', 'reauth_required', 'reason', ARGV[2], 'evidence', ARGV[3], 'since', ARGV[4])
        redis.call('PUBLISH', ARGV[5], ARGV[6])
        return 1
        """;

    /// <summary>Stores a new consent, or an import, as the next generation, and pins the site it was given for.</summary>
    /// <returns>The new generation, or null when the connection is gone.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach; it may or may not be stored.</exception>
    public Task<long?> ReplaceAsync(ConnectionId id, TokenPair pair, string clientId, string? accountId, string cloudId, string siteUrl) =>
        StoreUnavailableException.GuardAsync(async () =>
        {
            var generation = (long)await redis.Database.ScriptEvaluateAsync(
                ReplaceScript,
                [keys.Connection(id.Value), keys.Grant(id.Value)],
                [
                    pair.RefreshToken.Fingerprint, protection.Protect(id.Value, pair),
                    pair.ObtainedAt.ToUnixTimeMilliseconds(), pair.ExpiresAt.ToUnixTimeMilliseconds(),
                    clientId, accountId ?? "", cloudId, siteUrl, keys.Changes.ToString(), id.Value,
                ]);
            return generation == 0 ? (long?)null : generation;
        });

    private const string ReplaceScript = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
        local generation = redis.call('HINCRBY', KEYS[2], 'generation', 1)
        redis.call('HSET', KEYS[2], 'fingerprint', ARGV[1], 'ciphertext', ARGV[2], 'obtained_at', ARGV[3], 'expires_at', ARGV[4], 'state', 'active',
          'client_id', ARGV[5], 'account_id', ARGV[6], 'consented_at', ARGV[3])
        redis.call('HDEL', KEYS[2], 'reason', 'evidence', 'since', 'after_rejection')
        redis.call('HSET', KEYS[1], 'cloud_id', ARGV[7], 'site_url', ARGV[8])
        redis.call('PUBLISH', ARGV[9], ARGV[10])
        return generation
        """;

    /// <summary>Reads a grant from its hash; null when there is none.</summary>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The ring cannot read it.</exception>
    public Grant? Decode(ConnectionId id, HashEntry[] entries)
    {
        if (entries.Length == 0)
        {
            return null;
        }

        var fields = entries.ToDictionary(entry => entry.Name.ToString(), entry => entry.Value, StringComparer.Ordinal);
        return new Grant(
            (long)fields["generation"],
            protection.Unprotect(id.Value, fields["ciphertext"]!, Time(fields["obtained_at"]), Time(fields["expires_at"])),
            fields["client_id"].ToString(),
            fields["account_id"].ToString() is { Length: > 0 } account ? account : null,
            Time(fields["consented_at"]),
            fields.TryGetValue("after_rejection", out var afterRejection) && afterRejection == 1,
            fields["state"] == "reauth_required"
                ? new GrantDeath(Reason(fields["reason"].ToString()), fields["evidence"].ToString(), Time(fields["since"]))
                : null);
    }

    /// <summary>A reason as it is shown and stored, such as <c>consent_expired</c>.</summary>
    public static string Name(ReauthReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    private static ReauthReason Reason(string name) => Enum.GetValues<ReauthReason>().First(reason => Name(reason) == name);

    private static DateTimeOffset Time(RedisValue milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
}
