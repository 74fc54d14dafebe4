using System.Threading.Channels;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Connections;
using Microsoft.AspNetCore.Authentication;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>
/// Tells open pages that a connection changed, as server-sent events (WHATWG HTML section 9.2): a message says which one and
/// no more, and the page asks for itself again.
/// </summary>
internal sealed class LiveEvents(ConnectionChanges changes, Sessions sessions, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>The streams of one replica at a time; one more is answered with 503.</summary>
    public const int MaxStreams = 100;

    // Shorter than what proxies take for a dead connection; also how often a quiet stream looks whether its session still holds.
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    // A replica under load sees hundreds of changes a second, and a page cannot be read that fast.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private int _streams;

    /// <summary>Maps <c>/events</c>.</summary>
    public static void MapEvents(IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", (HttpContext context, string? connection, LiveEvents live) => live.StreamAsync(context, connection)).RequireAuthorization(AdminPolicies.View);

    /// <summary>Streams until the browser leaves, the session ends or the gateway stops.</summary>
    /// <param name="context">The request.</param>
    /// <param name="connection">The connection to tell of; null for all of them.</param>
    public async Task StreamAsync(HttpContext context, string? connection)
    {
        try
        {
            if (Interlocked.Increment(ref _streams) > MaxStreams)
            {
                context.Response.Headers.RetryAfter = "10";
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            // The stream itself keeps no session alive.
            var expires = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;
            await TellAsync(context.Response, () => sessions.IsValid(context.User) && !(time.GetUtcNow() > expires), connection, ended.Token);
        }
        catch (OperationCanceledException)
        {
            // The stream ends as it should.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task TellAsync(HttpResponse response, Func<bool> isSignedIn, string? connection, CancellationToken ended)
    {
        // One place: what changes while the last message is under way is told by one more.
        var news = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        void OnChanged(string id)
        {
            if (connection is null || connection == id)
            {
                news.Writer.TryWrite(id);
            }
        }

        void OnMissed() => news.Writer.TryWrite(connection ?? "*");

        changes.Changed += OnChanged;
        changes.Missed += OnMissed;
        try
        {
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            // nginx would collect the messages before it passes them on.
            response.Headers["X-Accel-Buffering"] = "no";
            // The first line tells the browser that the stream is open.
            await SendAsync(response, ":\n\n", ended);
            Task<bool>? waiting = null;
            while (true)
            {
                waiting ??= news.Reader.WaitToReadAsync(ended).AsTask();
                var told = await CompletesAsync(waiting, ended);
                if (!isSignedIn())
                {
                    return;
                }

                if (!told)
                {
                    await SendAsync(response, ":\n\n", ended);
                    continue;
                }

                waiting = null;
                if (news.Reader.TryRead(out var id))
                {
                    await SendAsync(response, $"data: {id}\n\n", ended);
                    await Task.Delay(Rest, time, ended);
                }
            }
        }
        finally
        {
            changes.Changed -= OnChanged;
            changes.Missed -= OnMissed;
        }
    }

    private async Task<bool> CompletesAsync(Task<bool> waiting, CancellationToken ended)
    {
        try
        {
            return await waiting.WaitAsync(HeartbeatInterval, time, ended);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task SendAsync(HttpResponse response, string text, CancellationToken ended)
    {
        await response.WriteAsync(text, ended);
        await response.Body.FlushAsync(ended);
    }
}
