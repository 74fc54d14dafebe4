using System.Text.Json;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>Keeps a pair, encrypted and for a while, that has no connection to go to yet. Nothing that was exchanged is dropped.</summary>
internal sealed class HeldPairs(RedisConnection redis, GrantProtection protection)
{
    /// <summary>Holds <paramref name="pair"/> under <paramref name="key"/>.</summary>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    public Task<bool> HoldAsync(RedisKey key, HeldPair pair, TimeSpan life) => StoreUnavailableException.GuardAsync(() =>
        redis.Database.StringSetAsync(
            key,
            JsonSerializer.SerializeToUtf8Bytes(new Stored(
                protection.Protect(key.ToString(), pair.Pair), pair.Pair.ObtainedAt, pair.Pair.ExpiresAt, pair.Scopes, pair.Context)),
            life));

    /// <summary>The pair held under <paramref name="key"/>; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    public Task<HeldPair?> FindAsync(RedisKey key) => StoreUnavailableException.GuardAsync(async () =>
    {
        if (await redis.Database.StringGetAsync(key) is not { IsNull: false } value)
        {
            return null;
        }

        var stored = JsonSerializer.Deserialize<Stored>((byte[])value!)!;
        return new HeldPair(protection.Unprotect(key.ToString(), stored.Ciphertext, stored.ObtainedAt, stored.ExpiresAt), stored.Scopes, stored.Context);
    });

    /// <summary>Lets go of what is held under <paramref name="key"/>.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> ReleaseAsync(RedisKey key) => StoreUnavailableException.GuardAsync(() => redis.Database.KeyDeleteAsync(key));

    private sealed record Stored(byte[] Ciphertext, DateTimeOffset ObtainedAt, DateTimeOffset ExpiresAt, IReadOnlyList<string> Scopes, string Context);
}

/// <summary>A pair that waits for a place.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Scopes">What it was granted for.</param>
/// <param name="Context">What whoever holds it needs to go on.</param>
internal sealed record HeldPair(TokenPair Pair, IReadOnlyList<string> Scopes, string Context);
