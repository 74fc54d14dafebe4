using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.OAuth;

/// <summary>Makes and reads HS256 tokens with a key that lives as long as the process (RFC 7515).</summary>
internal sealed class TokenSigner
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Sign(JsonObject claims)
    {
        var header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT","kid":"simulator"}"""u8);
        var signed = $"{header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{signed}.{Signature(signed)}";
    }

    /// <summary>The claims, or null when the token was not made here.</summary>
    public JsonObject? Read(string? token)
    {
        var parts = (token ?? "").Split('.');
        if (parts.Length != 3
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Signature($"{parts[0]}.{parts[1]}")), Encoding.UTF8.GetBytes(parts[2])))
        {
            return null;
        }

        return JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject;
    }

    /// <summary>SHA-256 of a token, base64url: what may be stored, shown and compared instead of it.</summary>
    public static string Fingerprint(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Random text of that many bytes before encoding.</summary>
    public static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    private string Signature(string signed) => Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(signed)));
}
