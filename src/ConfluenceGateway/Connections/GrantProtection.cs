using System.Text.Json;
using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>Encrypts token pairs, each bound to what it belongs to: a record copied to another connection cannot be read there.</summary>
internal sealed class GrantProtection(KeyRing ring)
{
    /// <summary>Encrypts the tokens of <paramref name="pair"/> for <paramref name="owner"/>.</summary>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    public byte[] Protect(string owner, TokenPair pair) =>
        ring.Protector(Purpose, owner).Protect(JsonSerializer.SerializeToUtf8Bytes(new Plain(pair.AccessToken.Reveal(), pair.RefreshToken.Reveal())));

    /// <summary>Decrypts what <see cref="Protect"/> made for the same <paramref name="owner"/>.</summary>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Made for another owner, with another ring, or damaged.</exception>
    public TokenPair Unprotect(string owner, byte[] ciphertext, DateTimeOffset obtainedAt, DateTimeOffset expiresAt)
    {
        var plain = JsonSerializer.Deserialize<Plain>(ring.Protector(Purpose, owner).Unprotect(ciphertext))!;
        return new TokenPair(new Secret(plain.AccessToken), new Secret(plain.RefreshToken), obtainedAt, expiresAt);
    }

    /// <summary>Encrypts anew what <see cref="Protect"/> made for <paramref name="owner"/>; null when it lies under the newest key.</summary>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Made for another owner, with another ring, or damaged.</exception>
    public byte[]? Reencrypt(string owner, byte[] ciphertext) => ring.Reencrypt(ciphertext, Purpose, owner);

    /// <summary>Encrypts what a rotation of <paramref name="id"/> must leave behind outside the store. It cannot be read as another connection's.</summary>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    public byte[] ProtectRotation(ConnectionId id, byte[] rotation) => ring.Protector(RotationPurpose, id.Value).Protect(rotation);

    /// <summary>Decrypts what <see cref="ProtectRotation"/> made for the same <paramref name="id"/>.</summary>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Made for another connection, with another ring, or damaged.</exception>
    public byte[] UnprotectRotation(ConnectionId id, byte[] ciphertext) => ring.Protector(RotationPurpose, id.Value).Unprotect(ciphertext);

    private const string Purpose = "grant";
    private const string RotationPurpose = "rotation";

    private sealed record Plain(string AccessToken, string RefreshToken);
}
