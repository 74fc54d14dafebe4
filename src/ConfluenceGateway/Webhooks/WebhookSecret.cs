using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ConfluenceGateway.Webhooks;

/// <summary>What the events of one endpoint are signed with. It prints as <c>[redacted]</c>; only <see cref="Reveal"/> gives it away.</summary>
internal sealed class WebhookSecret
{
    /// <summary>What a valid secret looks like, for messages.</summary>
    public const string Rule = "must be whsec_ and the base64 of 24 to 64 random bytes. Make one with: echo \"whsec_$(openssl rand -base64 32)\".";

    private const string Prefix = "whsec_";
    private const int UsualLength = 32;
    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>A new secret of 256 bits.</summary>
    public static WebhookSecret Random() => new(RandomNumberGenerator.GetBytes(UsualLength));

    /// <summary>Parses <paramref name="text"/>; false when it breaks <see cref="Rule"/>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out WebhookSecret? secret)
    {
        var key = new byte[text.Length];
        secret = text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], key, out var length) && length is >= 24 and <= 64
                ? new WebhookSecret(key[..length])
                : null;
        return secret is not null;
    }

    /// <summary>The HMAC-SHA256 of <paramref name="content"/>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content) => HMACSHA256.HashData(_key, content);

    /// <summary>The secret as a receiver is given it.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key);

    /// <inheritdoc />
    public override string ToString() => "[redacted]";
}
