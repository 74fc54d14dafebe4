using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>A secret is given away on purpose only.</summary>
public sealed class SecretTests
{
    private const string Plain = "the-plain-token";

    [Fact]
    public void It_prints_as_redacted()
    {
        var secret = new Secret(Plain);

        Assert.Equal("[redacted]", secret.ToString());
        Assert.Equal("token [redacted]", $"token {secret}");
        Assert.Equal("token [redacted]", string.Format(CultureInfo.InvariantCulture, "token {0}", secret));
    }

    [Fact]
    public void It_serialises_to_nothing() => Assert.Equal("{}", JsonSerializer.Serialize(new Secret(Plain)));

    [Fact]
    public void A_grant_gives_away_none_of_its_tokens()
    {
        var grant = new Grant(1, Pairs.Of(Plain), "app", "account", DateTimeOffset.UnixEpoch, AfterRejection: false, Death: null);

        Assert.DoesNotContain(Plain, grant.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Plain, JsonSerializer.Serialize(grant), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_fingerprint_is_the_SHA_256_in_base64url() =>
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Plain))), new Secret(Plain).Fingerprint);

    [Fact]
    public void Random_secrets_differ_and_carry_their_prefix()
    {
        var (first, second) = (Secret.Random("cgwx_").Reveal(), Secret.Random("cgwx_").Reveal());

        Assert.NotEqual(first, second);
        Assert.StartsWith("cgwx_", first, StringComparison.Ordinal);
        Assert.Equal(32, Base64Url.DecodeFromChars(first.AsSpan("cgwx_".Length)).Length);
    }
}
