using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ConfluenceGateway.Benchmarks.Rig;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ConfluenceGateway.Benchmarks.Storm;

/// <summary>A token endpoint within this process that takes its time, and notes how often it was asked and how long that took.</summary>
internal sealed class SlowTokenEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Exchanged> _exchanges = new();

    private SlowTokenEndpoint(WebApplication app, string url) => (_app, Url) = (app, url);

    public string Url { get; }

    /// <summary>Starts one that answers after <paramref name="delay"/>.</summary>
    public static async Task<SlowTokenEndpoint> StartAsync(TimeSpan delay)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var url = Ports.TakeAddress().OriginalString;
        var app = builder.Build();
        app.Urls.Add(url);
        var endpoint = new SlowTokenEndpoint(app, url);
        var given = 0;
        app.Run(async context =>
        {
            var begun = Stopwatch.GetTimestamp();
            await context.Request.Body.CopyToAsync(Stream.Null);
            await Task.Delay(delay, TimeProvider.System);
            var number = Interlocked.Increment(ref given).ToString(CultureInfo.InvariantCulture);
            await context.Response.WriteAsJsonAsync(new Dictionary<string, object>
            {
                ["access_token"] = Store.Token,
                ["refresh_token"] = "next " + number,
                ["expires_in"] = 3600,
                ["token_type"] = "Bearer",
                ["scope"] = "offline_access",
            });
            endpoint._exchanges.Enqueue(new Exchanged(begun, Stopwatch.GetTimestamp()));
        });
        await app.StartAsync();
        return endpoint;
    }

    /// <summary>The exchanges since the last look.</summary>
    public IReadOnlyList<Exchanged> TakeExchanges()
    {
        var taken = new List<Exchanged>();
        while (_exchanges.TryDequeue(out var exchange))
        {
            taken.Add(exchange);
        }

        return taken;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>An exchange as the endpoint saw it: time stamps of <see cref="Stopwatch"/> at its arrival and when its answer left.</summary>
internal readonly record struct Exchanged(long Arrived, long Answered);
