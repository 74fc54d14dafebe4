using System.Text.Json;
using ConfluenceGateway.Callers;
using Microsoft.AspNetCore.Http;

namespace ConfluenceGateway.Tests.Callers;

/// <summary>An answer of the gateway's own, on the wire.</summary>
public sealed class ProblemTests
{
    private static readonly Problem Sample = new(503, "sample", "A sample", "Say \"hello\" & try <again>.");

    [Fact]
    public async Task It_has_the_members_of_RFC_9457_and_those_that_clients_of_Confluence_read()
    {
        var (_, body) = await WrittenAsync(Sample);

        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(["type", "title", "status", "detail", "statusCode", "message"], problem.EnumerateObject().Select(member => member.Name));
        Assert.Equal("urn:confluence-gateway:problem:sample", problem.GetProperty("type").GetString());
        Assert.Equal("A sample", problem.GetProperty("title").GetString());
        Assert.Equal(503, problem.GetProperty("status").GetInt32());
        Assert.Equal(503, problem.GetProperty("statusCode").GetInt32());
        Assert.Equal(Sample.Detail, problem.GetProperty("detail").GetString());
        Assert.Equal(Sample.Detail, problem.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Further_members_follow()
    {
        var (_, body) = await WrittenAsync(Sample with { Members = new() { ["reason"] = "revoked", ["since"] = null } });

        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal("revoked", problem.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, problem.GetProperty("since").ValueKind);
    }

    [Fact]
    public async Task It_is_told_by_its_status_and_content_type_and_is_not_kept()
    {
        var (response, _) = await WrittenAsync(Sample);

        Assert.Equal(503, response.StatusCode);
        Assert.Equal("application/problem+json", response.ContentType);
        Assert.Equal("no-store", response.Headers.CacheControl.ToString());
        Assert.Empty(response.Headers.RetryAfter.ToString());
        Assert.Empty(response.Headers.WWWAuthenticate.ToString());
    }

    [Theory]
    [InlineData(-5, "1")]
    [InlineData(0, "1")]
    [InlineData(0.2, "1")]
    [InlineData(1, "1")]
    [InlineData(1.01, "2")]
    [InlineData(120, "120")]
    public async Task Retry_After_is_whole_seconds_and_never_zero(double seconds, string header)
    {
        var (response, _) = await WrittenAsync(Sample with { RetryAfter = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(header, response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public async Task Each_challenge_is_a_header_of_its_own()
    {
        var (response, _) = await WrittenAsync(Sample with { Challenges = ["Basic realm=\"a\"", "Bearer realm=\"b\""] });

        Assert.Equal(["Basic realm=\"a\"", "Bearer realm=\"b\""], response.Headers.WWWAuthenticate.ToArray());
    }

    [Fact]
    public async Task It_can_be_written_twice()
    {
        var problem = Sample with { Members = new() { ["reason"] = "revoked" } };

        Assert.Equal((await WrittenAsync(problem)).Body, (await WrittenAsync(problem)).Body);
    }

    private static async Task<(HttpResponse Response, string Body)> WrittenAsync(Problem problem)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await problem.ExecuteAsync(context);
        return (context.Response, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
