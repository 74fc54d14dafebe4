using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>
/// A server without sockets, in front of an upstream without sockets. With both, all of a request happens on the thread that asks, at
/// once, and what it allocates is the same each time. What the real ones allocate besides depends on what came when.
/// </summary>
internal sealed class InMemory : IServer, IHttpForwarder
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ServiceProvider _yarp = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
    private readonly HttpMessageInvoker _upstream;
    private Func<IFeatureCollection, Task>? _process;

    private InMemory(byte[] body) => _upstream = new(new Page(body));

    /// <inheritdoc />
    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>One whose upstream answers a body of <paramref name="length"/> bytes.</summary>
    public static InMemory Serving(int length) => new(new byte[length]);

    /// <summary>Puts it in the place of a program's server and of YARP's client.</summary>
    public void Replace(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IServer>(this);
        builder.Services.AddSingleton<IHttpForwarder>(this);
    }

    /// <summary>Asks once for <paramref name="target"/>.</summary>
    /// <exception cref="InvalidOperationException">It was not answered by 200.</exception>
    public async Task AskAsync(string target)
    {
        var request = new HttpRequestFeature { Method = "GET", Path = target, RawTarget = target, Protocol = "HTTP/1.1", Scheme = "http" };
        request.Headers.Host = "gateway";
        var response = new HttpResponseFeature();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        await _process!(features);
        if (response.StatusCode != StatusCodes.Status200OK)
        {
            throw new InvalidOperationException($"{response.StatusCode} for {target}");
        }
    }

    /// <summary>The bytes that a request for <paramref name="target"/> allocates, once all it runs is compiled for good.</summary>
    /// <exception cref="InvalidOperationException">It waited for something, or allocates now more and now less.</exception>
    public async Task<double> BytesOfAsync(string target)
    {
        // What is asked for first may be read from the store.
        await AskAsync(target);
        var (begun, since, bytes) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), 0.0);
        while (Stopwatch.GetElapsedTime(since) < Settled)
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new InvalidOperationException($"{target} allocates {bytes} bytes, but not each time.");
            }

            if (Average(target) is var average && average != bytes)
            {
                (since, bytes) = (Stopwatch.GetTimestamp(), average);
            }
        }

        return bytes;
    }

    /// <inheritdoc />
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = async features =>
        {
            var context = application.CreateContext(features);
            await application.ProcessRequestAsync(context);
            application.DisposeContext(context, null);
        };
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public ValueTask<ForwarderError> SendAsync(HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
        _yarp.GetRequiredService<IHttpForwarder>().SendAsync(context, destinationPrefix, _upstream, requestConfig, transformer);

    /// <inheritdoc />
    public void Dispose()
    {
        _upstream.Dispose();
        _yarp.Dispose();
    }

    private double Average(string target)
    {
        const int Requests = 1_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var request = 0; request < Requests; request++)
        {
            if (!AskAsync(target).IsCompletedSuccessfully)
            {
                throw new InvalidOperationException($"Something of {target} did not happen at once, or failed.");
            }
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Requests;
    }

    private sealed class Page(byte[] body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body), RequestMessage = request });
    }
}
