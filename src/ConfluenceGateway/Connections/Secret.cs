using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace ConfluenceGateway.Connections;

/// <summary>A token or code. It prints as <c>[redacted]</c> and serialises to nothing; only <see cref="Reveal"/> gives it away.</summary>
internal sealed class Secret(string value)
{
    /// <summary>The SHA-256 of the secret in base64url: safe to store and to compare, still never logged.</summary>
    [JsonIgnore]
    public string Fingerprint => field ??= FingerprintOf(value);

    /// <summary>The SHA-256 of <paramref name="value"/> in base64url.</summary>
    public static string FingerprintOf(string value) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    /// <summary>A new random secret of 256 bits, with a prefix by which a scan for leaked secrets finds it.</summary>
    public static Secret Random(string prefix) => new(prefix + WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The secret itself.</summary>
    public string Reveal() => value;

    /// <inheritdoc />
    public override string ToString() => "[redacted]";
}
