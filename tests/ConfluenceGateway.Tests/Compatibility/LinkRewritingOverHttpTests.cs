using System.Net;
using System.Text;
using ConfluenceGateway.Compatibility;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>Answers that come over a real connection keep what comes after the body, and how it ends.</summary>
public sealed class LinkRewritingOverHttpTests
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes(LinkBodies.V2List);

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Trailers_arrive(string? coding)
    {
        await using var upstream = await StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = coding;
            await context.Response.Body.WriteAsync(coding is null ? Json : Compression.Of(Json, coding));
            context.Response.AppendTrailer("X-Checked", "yes");
        });
        using var client = Client();
        using var answer = await client.GetAsync(upstream.Urls.Single(), HttpCompletionOption.ResponseHeadersRead, Cancel);

        Assert.True(LinkRewriting.TryApply(answer, "GET", LinkBodies.Rules));

        Assert.Equal(LinkBodies.V2ListForTheApp, await ReadAsync(answer));
        Assert.Equal("yes", answer.TrailingHeaders.GetValues("X-Checked").Single());
    }

    [Fact]
    public async Task A_body_that_the_upstream_aborts_does_not_end_well()
    {
        var arrived = new TaskCompletionSource();
        await using var upstream = await StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Json);
            await context.Response.Body.FlushAsync();
            await arrived.Task;
            context.Abort();
        });
        using var client = Client();
        using var answer = await client.GetAsync(upstream.Urls.Single(), HttpCompletionOption.ResponseHeadersRead, Cancel);

        Assert.True(LinkRewriting.TryApply(answer, "GET", LinkBodies.Rules));
        arrived.SetResult();

        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(answer));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Trailers need HTTP/2 here: Kestrel sends none on HTTP/1.1.
    private static HttpClient Client() =>
        new(new SocketsHttpHandler()) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

    // As the forwarder reads it: not through the client's own buffer.
    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        using var body = new MemoryStream();
        await (await answer.Content.ReadAsStreamAsync(Cancel)).CopyToAsync(body, Cancel);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }
}
