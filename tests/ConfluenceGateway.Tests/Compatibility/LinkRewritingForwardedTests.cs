using System.Net;
using System.Text;
using ConfluenceGateway.Compatibility;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>What an app sees of a rewritten answer that YARP forwards.</summary>
public sealed class LinkRewritingForwardedTests
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes(LinkBodies.V2List);

    // Trailers need HTTP/2: Kestrel sends none with HTTP/1.1.
    private static readonly ForwarderRequestConfig Http2 =
        new() { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_arrives_whole_and_its_trailers_too(string coding)
    {
        await using var forwarding = await ForwardingAsync(async context =>
        {
            Describe(context.Response, coding);
            await context.Response.Body.WriteAsync(Compression.Of(Json, coding));
            context.Response.AppendTrailer("X-Checked", "yes");
        });

        using var answer = await forwarding.GetAsync();
        Assert.Equal(LinkBodies.V2ListForTheApp, await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("yes", answer.TrailingHeaders.GetValues("X-Checked").Single());
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_body_that_is_announced_with_a_length_is_not_cut_at_it()
    {
        await using var forwarding = await ForwardingAsync(async context =>
        {
            Describe(context.Response, "identity");
            context.Response.ContentLength = Json.Length;
            await context.Response.Body.WriteAsync(Json);
        });

        using var answer = await forwarding.GetAsync();
        Assert.Equal(LinkBodies.V2ListForTheApp, await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_body_that_breaks_off_is_an_answer_that_breaks_off(string coding)
    {
        await using var forwarding = await ForwardingAsync(async context =>
        {
            Describe(context.Response, coding);
            await context.Response.Body.WriteAsync(Compression.Of(Json, coding).AsMemory()[..^1]);
        });

        await Assert.ThrowsAsync<HttpRequestException>(async () => (await forwarding.GetAsync()).Dispose());
    }

    [Fact]
    public async Task What_the_upstream_has_sent_of_a_body_arrives_before_the_rest()
    {
        var seen = new TaskCompletionSource();
        await using var forwarding = await ForwardingAsync(async context =>
        {
            Describe(context.Response, "identity");
            await context.Response.Body.WriteAsync("{\"self\":\"/wiki/x\",\"title\":\"half"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await seen.Task;
        });

        using var answer = await forwarding.GetAsync(HttpCompletionOption.ResponseHeadersRead);
        var body = await answer.Content.ReadAsStreamAsync(Cancel);
        var expected = "{\"self\":\"/confluence/demo/wiki/x\",\"title\":\"half";
        var arrived = new byte[expected.Length];
        await body.ReadExactlyAsync(arrived, Cancel);
        seen.SetResult();

        Assert.Equal(expected, Encoding.UTF8.GetString(arrived));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static void Describe(HttpResponse answer, string coding)
    {
        answer.ContentType = "application/json";
        answer.Headers.ContentEncoding = coding;
    }

    private static async Task<Forwarding> ForwardingAsync(RequestDelegate upstream)
    {
        var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None };
        var behind = await StartAsync(upstream);
        var front = await StartAsync(async context =>
        {
            using var client = new HttpMessageInvoker(handler, disposeHandler: false);
            var forwarder = context.RequestServices.GetRequiredService<IHttpForwarder>();
            await forwarder.SendAsync(context, behind.Urls.Single(), client, Http2, new RewritingTransformer(), context.RequestAborted);
        });
        return new Forwarding(front, behind, handler);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    private sealed class RewritingTransformer : HttpTransformer
    {
        public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            Assert.True(LinkRewriting.TryApply(proxyResponse!, httpContext.Request.Method, LinkBodies.Rules));
            return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }
    }

    private sealed class Forwarding(WebApplication front, WebApplication behind, HttpMessageHandler handler) : IAsyncDisposable
    {
        private readonly HttpClient _app = new(new SocketsHttpHandler())
        {
            DefaultRequestVersion = Http2.Version!,
            DefaultVersionPolicy = Http2.VersionPolicy!.Value,
        };

        public Task<HttpResponseMessage> GetAsync(HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead) =>
            _app.GetAsync(front.Urls.Single(), completion, Cancel);

        public async ValueTask DisposeAsync()
        {
            _app.Dispose();
            await front.DisposeAsync();
            handler.Dispose();
            await behind.DisposeAsync();
        }
    }
}
