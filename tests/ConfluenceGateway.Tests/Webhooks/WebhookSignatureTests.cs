using System.Text;
using ConfluenceGateway.Webhooks;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>Signatures, by what the Standard Webhooks specification's own libraries are tested with.</summary>
public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long Timestamp = 1614265330;
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();

    [Fact]
    public void The_reference_vector_is_signed_as_the_specification_has_it() =>
        Assert.Equal(Signature, WebhookSignature.Header(Id, Timestamp, Body, [Parsed(Secret)]));

    [Fact]
    public void Each_secret_has_a_signature_of_its_own()
    {
        var other = WebhookSecret.Random();

        var signatures = WebhookSignature.Header(Id, Timestamp, Body, [other, Parsed(Secret)]).Split(' ');

        Assert.Equal([WebhookSignature.Header(Id, Timestamp, Body, [other]), Signature], signatures);
    }

    [Fact]
    public void Id_time_and_body_are_all_signed()
    {
        var secret = Parsed(Secret);

        Assert.NotEqual(Signature, WebhookSignature.Header(Id + "x", Timestamp, Body, [secret]));
        Assert.NotEqual(Signature, WebhookSignature.Header(Id, Timestamp + 1, Body, [secret]));
        Assert.NotEqual(Signature, WebhookSignature.Header(Id, Timestamp, Encoding.UTF8.GetBytes("{}"), [secret]));
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(23, false)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool good) =>
        Assert.Equal(good, WebhookSecret.TryParse("whsec_" + Convert.ToBase64String(new byte[bytes]), out _));

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_no base64, by far not base64!")]
    public void What_is_no_secret_is_refused(string text) => Assert.False(WebhookSecret.TryParse(text, out _));

    [Fact]
    public void A_new_secret_is_one_of_its_own_and_does_not_print_itself()
    {
        var secret = WebhookSecret.Random();

        Assert.True(WebhookSecret.TryParse(secret.Reveal(), out _));
        Assert.NotEqual(secret.Reveal(), WebhookSecret.Random().Reveal());
        Assert.Equal("[redacted]", $"{secret}");
    }

    private static WebhookSecret Parsed(string text) => WebhookSecret.TryParse(text, out var secret) ? secret : throw new FormatException();
}
