using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using StackExchange.Redis;

namespace ConfluenceGateway.Redis;

/// <summary>
/// Whether the key ring in Redis is the one that grants were encrypted with. A canary tells: a word encrypted when the
/// store was new. A ring that was lost and made again cannot read it, and no grant of before either.
/// </summary>
internal sealed class KeyRingCheck(RedisConnection redis, RedisKeys keys, KeyRing ring)
{
    private const string Name = "key_ring";

    /// <summary>Runs it, and leaves the canary when there is none.</summary>
    /// <exception cref="KeyRingUnavailableException">The ring is not loaded yet.</exception>
    public async Task<SelfCheck> RunAsync()
    {
        var protector = ring.Protector("canary");
        var fresh = protector.Protect("canary"u8.ToArray());
        var stored = await redis.Database.ListRangeAsync(keys.KeyRing);
        if (!Array.Exists(stored, element => Holds(element.ToString(), KeyIdOf(fresh))))
        {
            return new SelfCheck(
                Name, false,
                $"Redis no longer holds the key that this replica encrypts with ({keys.KeyRing}); after a restart it reads no grant. Restore the ring from a backup; grants encrypted with it cannot be read otherwise.");
        }

        await redis.Database.StringSetAsync(keys.Canary, fresh, when: When.NotExists);
        var canary = (byte[]?)await redis.Database.StringGetAsync(keys.Canary);
        return canary is null || Reads(protector, canary)
            ? new SelfCheck(Name, true, "Reads what was encrypted with it.")
            : new SelfCheck(
                Name, false,
                $"The key ring cannot read what was encrypted here before: it was lost and made anew, or is another one. Restore {keys.KeyRing} from a backup; grants encrypted with it cannot be read otherwise. If it is gone for good, delete {keys.Canary} and connect every connection again.");
    }

    /// <summary>Encrypts the canary anew when it lies under a key that encrypts no more, so that it tells of the newest.</summary>
    /// <exception cref="KeyRingUnavailableException">The ring is not loaded yet.</exception>
    /// <exception cref="CryptographicException">The ring is another one.</exception>
    public async Task<bool> ReencryptAsync() =>
        (byte[]?)await redis.Database.StringGetAsync(keys.Canary) is { } stored && ring.Reencrypt(stored, "canary") is { } fresh
            && await redis.Database.StringSetAsync(keys.Canary, fresh);

    private static bool Holds(string element, Guid key) => element.StartsWith($"<key id=\"{key}\"", StringComparison.OrdinalIgnoreCase);

    // A Data Protection payload begins with four bytes that say so, and the id of its key.
    private static Guid KeyIdOf(byte[] ciphertext) => new(ciphertext.AsSpan(4, 16));

    private static bool Reads(IDataProtector protector, byte[] canary)
    {
        try
        {
            protector.Unprotect(canary);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
