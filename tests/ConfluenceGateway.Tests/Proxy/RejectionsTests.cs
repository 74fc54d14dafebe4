using System.IO.Compression;
using System.Net;
using System.Text;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Proxy;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>A 401 about a scope is told from one about the token.</summary>
public sealed class RejectionsTests
{
    private const string ScopeMessage = """{"code":401,"message":"Unauthorized; scope does not match"}""";

    [Theory]
    [InlineData("FAILURE_CLIENT_SCOPE_CHECK", "{}", nameof(Rejection.Scope))]
    [InlineData("failure_client_scope_check", "{}", nameof(Rejection.Scope))]
    [InlineData("FAILURE_CLIENT_AUTH_MISMATCH", "{}", nameof(Rejection.Token))]
    [InlineData("FAILURE_CLIENT_AUTH_MISMATCH", ScopeMessage, nameof(Rejection.Token))]
    [InlineData(null, ScopeMessage, nameof(Rejection.Scope))]
    [InlineData(null, """{"message":"SCOPE DOES NOT MATCH"}""", nameof(Rejection.Scope))]
    [InlineData(null, """{"code":401,"message":"Unauthorized"}""", nameof(Rejection.Token))]
    [InlineData(null, """{"message":["scope"]}""", nameof(Rejection.Token))]
    [InlineData(null, """["scope does not match"]""", nameof(Rejection.Token))]
    [InlineData(null, "<html>scope does not match</html>", nameof(Rejection.Token))]
    [InlineData(null, "", nameof(Rejection.Token))]
    public async Task The_header_decides_and_without_it_the_message(string? category, string body, string expected)
    {
        using var answer = Unauthorized(new StringContent(body));
        if (category is not null)
        {
            answer.Headers.Add("X-Failure-Category", category);
        }

        Assert.Equal(expected, (await RejectionAsync(answer)).ToString());
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"message":"Current user not permitted to use Confluence","statusCode":403}""", nameof(Rejection.Site))]
    [InlineData("""{"message":"No permission to edit the page","statusCode":403}""", nameof(Rejection.None))]
    [InlineData("<html>not permitted to use</html>", nameof(Rejection.None))]
    [InlineData("", nameof(Rejection.None))]
    public async Task A_403_denies_the_site_or_is_about_the_content(string body, string expected)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent(body) };

        Assert.Equal(expected, (await RejectionAsync(answer)).ToString());
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_message_is_read_and_passes_as_it_came(string encoding)
    {
        using var packed = new MemoryStream();
        await using (Stream packer = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            await packer.WriteAsync(Encoding.UTF8.GetBytes(ScopeMessage));
        }

        using var answer = Unauthorized(new ByteArrayContent(packed.ToArray()) { Headers = { ContentEncoding = { encoding } } });

        Assert.Equal(Rejection.Scope, await RejectionAsync(answer));
        Assert.Equal(packed.ToArray(), await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip")]
    public async Task What_cannot_be_decoded_is_not_judged(string encoding)
    {
        using var answer = Unauthorized(new StringContent(ScopeMessage) { Headers = { ContentEncoding = { encoding } } });

        Assert.Equal(Rejection.Token, await RejectionAsync(answer));
        Assert.Equal(ScopeMessage, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(403, true, nameof(Rejection.Token))]
    [InlineData(404, true, nameof(Rejection.Token))]
    [InlineData(403, false, nameof(Rejection.None))]
    [InlineData(404, false, nameof(Rejection.None))]
    [InlineData(410, true, nameof(Rejection.None))]
    public async Task Past_its_own_expiry_a_token_is_rejected_by_a_403_or_a_404_too(int status, bool pastExpiry, string expected)
    {
        using var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("{}") };

        Assert.Equal(expected, (await RejectionAsync(answer, pastExpiry)).ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_body_is_not_judged_and_passes_whole(bool announced)
    {
        var page = Encoding.UTF8.GetBytes($$"""{"message":"{{new string('x', 100_000)}} scope does not match"}""");
        using var answer = Unauthorized(new StreamContent(new Unseekable(page)));
        answer.Content.Headers.ContentLength = announced ? page.Length : null;

        Assert.Equal(Rejection.Token, await RejectionAsync(answer));
        using var arrived = new MemoryStream();
        await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(arrived);
        Assert.Equal(page, arrived.ToArray());
    }

    private static ValueTask<Rejection> RejectionAsync(HttpResponseMessage answer, bool pastExpiry = false)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Rejections.OfAsync(answer, new TokenPair(new Secret("access"), new Secret("refresh"), now.AddHours(-2), now.AddHours(pastExpiry ? -1 : 1)), TimeProvider.System, default);
    }

    private static HttpResponseMessage Unauthorized(HttpContent content) => new(HttpStatusCode.Unauthorized) { Content = content };

    private sealed class Unseekable(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
