using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>Which answers are rewritten, and what becomes of their headers and codings.</summary>
public sealed class LinkRewritingTests
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes(LinkBodies.V1List);

    public static TheoryData<string> Codings => ["gzip", "x-gzip", "br", "deflate", "GZIP"];

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/problem+json")]
    [InlineData("application/vnd.atl.x+json")]
    public async Task The_links_of_json_are_rewritten(string type)
    {
        using var answer = Answer(Json, type);

        Assert.True(LinkRewriting.TryApply(answer, "GET", LinkBodies.Rules));
        Assert.Equal(LinkBodies.V1ListForTheApp, await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("GET", 200, "text/html", null)]
    [InlineData("GET", 200, "application/octet-stream", null)]
    [InlineData("GET", 200, "application/jsonp", null)]
    [InlineData("GET", 200, null, null)]
    [InlineData("GET", 200, "application/json", "zstd")]
    [InlineData("GET", 200, "application/json", "gzip, br")]
    [InlineData("GET", 206, "application/json", null)]
    [InlineData("GET", 204, "application/json", null)]
    [InlineData("GET", 304, "application/json", null)]
    [InlineData("HEAD", 200, "application/json", null)]
    public void Other_answers_stay_as_they_are(string method, int status, string? type, string? coding)
    {
        using var answer = Answer(Json, type, coding);
        answer.StatusCode = (HttpStatusCode)status;
        answer.Headers.ETag = new EntityTagHeaderValue("\"1\"");
        var content = answer.Content;

        Assert.False(LinkRewriting.TryApply(answer, method, LinkBodies.Rules));
        Assert.Same(content, answer.Content);
        Assert.False(answer.Headers.ETag.IsWeak);
    }

    [Fact]
    public void Without_rules_or_content_an_answer_stays_as_it_is()
    {
        using var answer = Answer(Json);
        using var empty = Answer([]);

        Assert.False(LinkRewriting.TryApply(answer, "GET", []));
        Assert.False(LinkRewriting.TryApply(empty, "GET", LinkBodies.Rules));
    }

    [Fact]
    public void The_headers_that_describe_the_bytes_go_and_the_others_stay()
    {
        using var answer = Answer(Json, coding: "identity");
        answer.Headers.ETag = new EntityTagHeaderValue("\"1\"");
        answer.Headers.Add("Digest", "sha-256=x");
        answer.Headers.Add("Content-Digest", "sha-256=:x:");
        answer.Headers.Add("atl-traceid", "t");
        answer.Content.Headers.ContentMD5 = new byte[16];
        answer.Content.Headers.ContentLanguage.Add("en-US");
        answer.Content.Headers.TryAddWithoutValidation("Expires", "1970");
        Assert.NotNull(answer.Content.Headers.ContentLength);

        Assert.True(LinkRewriting.TryApply(answer, "GET", LinkBodies.Rules));

        Assert.Equal("W/\"1\"", answer.Headers.ETag.ToString());
        Assert.Equal(["ETag", "atl-traceid"], answer.Headers.NonValidated.Select(header => header.Key));
        Assert.Equal(["Content-Language", "Content-Type", "Expires"], answer.Content.Headers.NonValidated.Select(header => header.Key).Order());
        Assert.Equal("1970", answer.Content.Headers.NonValidated["Expires"].ToString());
    }

    [Fact]
    public void A_weak_tag_stays()
    {
        using var answer = Answer(Json);
        answer.Headers.ETag = EntityTagHeaderValue.Parse("W/\"1\"");

        Assert.True(LinkRewriting.TryApply(answer, "GET", LinkBodies.Rules));
        Assert.Equal("W/\"1\"", answer.Headers.ETag.ToString());
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task A_compressed_body_goes_on_without_its_coding(string coding)
    {
        using var answer = Answer(Compression.Of(Json, coding), coding: coding);

        Assert.True(LinkRewriting.TryApply(answer, "GET", LinkBodies.Rules));
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal(LinkBodies.V1ListForTheApp, await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task A_compressed_body_that_breaks_off_does_not_end_well(string coding)
    {
        var compressed = Compression.Of(Json, coding);
        foreach (var length in new[] { 1, compressed.Length / 2, compressed.Length - 1 })
        {
            using var answer = Answer(compressed[..length], coding: coding);

            Assert.True(LinkRewriting.TryApply(answer, "GET", LinkBodies.Rules));
            var body = await answer.Content.ReadAsStreamAsync(Cancel);
            await Assert.ThrowsAsync<InvalidDataException>(() => body.CopyToAsync(Stream.Null, Cancel));
        }
    }

    [Fact]
    public async Task A_compressed_body_that_is_damaged_does_not_end_well()
    {
        var compressed = Compression.Of(Json, "gzip");
        compressed[^6] ^= 1;
        using var answer = Answer(compressed, coding: "gzip");

        Assert.True(LinkRewriting.TryApply(answer, "GET", LinkBodies.Rules));
        var body = await answer.Content.ReadAsStreamAsync(Cancel);
        await Assert.ThrowsAsync<InvalidDataException>(() => body.CopyToAsync(Stream.Null, Cancel));
    }

    [Fact]
    public async Task The_body_as_it_came_is_disposed_with_the_answer()
    {
        var body = new MemoryStream(Compression.Of(Json, "br"));
        var answer = Answer([], coding: "br");
        answer.Content = new StreamContent(body) { Headers = { ContentType = new("application/json"), ContentEncoding = { "br" } } };

        Assert.True(LinkRewriting.TryApply(answer, "GET", LinkBodies.Rules));
        await answer.Content.ReadAsStreamAsync(Cancel);
        answer.Dispose();

        Assert.False(body.CanRead);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static HttpResponseMessage Answer(byte[] body, string? type = "application/json", string? coding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type is null ? [] : [type]);
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding is null ? [] : [coding]);
        return new HttpResponseMessage { Content = content };
    }

}
