using System.Runtime.CompilerServices;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Compatibility;
using ConfluenceGateway.Compatibility.V1;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Proxy.Throttling;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Proxy;

/// <summary>The life of a forwarded request, step by step.</summary>
internal sealed partial class ProxyHandler(
    Addressing addressing, CallerCheck callers, ConnectionCache connections, TokenSource tokens, ProxyProblems problems, UpstreamCalls calls, RemovedV1 removedV1, Upstream upstream, FairShare fairShare,
    GatewayMetrics metrics,
    IOptions<ListenOptions> listen, IOptions<GatewayOptions> gateway, IOptions<ReplayOptions> replay, IOptions<CompatibilityOptions> compatibility, TimeProvider time,
    ILogger<ProxyHandler> logger)
{
    private readonly Uri? _publicUrl = gateway.Value.PublicUrl is { Length: > 0 } url ? new Uri(url) : null;
    private int _underWay;

    /// <summary>Answers one request of the traffic listener.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var arrived = time.GetTimestamp();
        var error = addressing.Parse(context, out var target);
        try
        {
            var problem = Interlocked.Increment(ref _underWay) > listen.Value.MaxConcurrentRequests ? ProxyProblems.TooManyRequests(listen.Value.MaxConcurrentRequests)
                : error != TargetError.None ? ProxyProblems.Of(error)
                // Before anything depends on the connection: a stranger must not learn which there are.
                : await callers.RefusalAsync(context, target.ConnectionId) ?? Refusal(context) ?? await AnswerAsync(context, target, arrived);
            if (problem is not null && !context.Response.HasStarted)
            {
                await problem.ExecuteAsync(context);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be answered.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            // Here, and not by the framework's handler around it: a step that nothing goes wrong in is paid for by every request.
            Log.Broken(logger, target.ConnectionId, exception);
            context.Response.Clear();
            await Problem.InternalError().ExecuteAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            metrics.RequestDuration.Observe(time.GetElapsedTime(arrived).TotalSeconds);
            metrics.CountRequest(target.Product, Code(context));
        }
    }

    // 499 is the customary code for a caller that hung up.
    private static int Code(HttpContext context) => context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode;

    /// <summary>What no connection forwards.</summary>
    private Problem? Refusal(HttpContext context)
    {
        var request = context.Request;
        // An echo of the request would carry the token, and a tunnel would be nobody's request. "head" is sent as HEAD, while
        // the server here would wait for the body of an answer to a method that it does not know.
        if (HttpMethods.IsTrace(request.Method) || HttpMethods.IsConnect(request.Method) && !IsWebSocket(context)
            || HttpMethods.IsHead(request.Method) && request.Method != HttpMethods.Head)
        {
            // RFC 9110 section 15.5.6 asks for it.
            context.Response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
            return ProxyProblems.MethodNotForwarded(request.Method);
        }

        return IsWebSocket(context) ? ProxyProblems.UpgradeRefused()
            : request.ContentLength > listen.Value.MaxRequestBodyBytes ? ProxyProblems.BodyTooLarge(listen.Value.MaxRequestBodyBytes)
            : null;
    }

    // HTTP/1.1 asks by Upgrade (RFC 6455), HTTP/2 by an extended CONNECT (RFC 8441). Other upgrades may be ignored, and are.
    private static bool IsWebSocket(HttpContext context) =>
        context.Request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase)
        // Looking for a feature that is not there takes longer than all else here.
        || HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Problem?> AnswerAsync(HttpContext context, ProxyTarget target, long arrived)
    {
        if (PageLinks.IsBrowser(context.Request) && await PageAsync(target) is { } page)
        {
            context.Response.Redirect(page);
            return null;
        }

        var outcome = await tokens.GetAsync(target.ConnectionId, context.RequestAborted);
        if (outcome is not TokenOutcome.Ready ready)
        {
            return problems.Of(target.ConnectionId, outcome);
        }

        if (fairShare.Refusal(target.ConnectionId, context.Request.Method, target.PathAndQuery) is { } wait)
        {
            return ProxyProblems.OverFairShare(target.ConnectionId, wait);
        }

        var match = removedV1.Find(target, context.Request, ready.Snapshot.Connection);
        var request = new ProxiedRequest(context, target, ready, Replayable(context, match is null ? replay.Value.MaxBodyBytes : Math.Max(replay.Value.MaxBodyBytes, SentJson.LongestBody + 1)))
        {
            ApiOrigin = upstream.Origin,
            PublicUrl = _publicUrl,
            TraceContext = upstream.TraceContext,
            RewritesLinks = ready.Snapshot.Connection.Compatibility.RewriteLinks ?? compatibility.Value.RewriteLinks,
        };
        metrics.Overhead.Observe(time.GetElapsedTime(arrived).TotalSeconds);
        var failure = AttachmentOf(target, context.Request) is { } attachment ? await DownloadAsync(request, attachment)
            : match is not null ? await removedV1.AnswerAsync(request, match, Address(request, target.PathAndQuery))
            : FollowsRedirects(request, target.PathAndQuery) ? await ForwardAsync(request, target.PathAndQuery)
            // Nearly every request goes this way, and no step more than it needs.
            : (await ForwardAsIsAsync(request, target.PathAndQuery)).Failure;
        removedV1.Notice(request);
        return failure;
    }

    /// <summary>The site's own page, for a browser that follows a link to it; a token would not open that.</summary>
    private async Task<string?> PageAsync(ProxyTarget target)
    {
        try
        {
            return await connections.GetAsync(target.ConnectionId) is { Connection: { Paused: false, SiteUrl: { } siteUrl } }
                ? PageLinks.Redirect(target.Product, target.Path, target.Query, siteUrl)
                : null;
        }
        catch (StoreUnavailableException)
        {
            // The way of an app's request says so.
            return null;
        }
    }

    private async Task<Problem?> ForwardAsync(ProxiedRequest request, string path)
    {
        if (!FollowsRedirects(request, path))
        {
            return (await ForwardAsIsAsync(request, path)).Failure;
        }

        var uri = Address(request, path);
        var (download, failure) = await calls.MakeAsync(request, isLast => new MediaDownload(request, uri, request.Token.Grant.Pair, time) { IsLast = isLast });
        return download.Media is { } media ? await calls.SendOnceAsync(request.Context, new MediaFetch(media, request)) : failure;
    }

    private ValueTask<(Forward Try, Problem? Failure)> ForwardAsIsAsync(ProxiedRequest request, string path)
    {
        var uri = Address(request, path);
        return calls.MakeAsync(request, isLast => new Forward(request, uri, request.Token.Grant.Pair, time) { IsLast = isLast });
    }

    private bool FollowsRedirects(ProxiedRequest request, string path) =>
        IsDownload(path) && (request.Connection.Compatibility.FollowMediaRedirects ?? compatibility.Value.FollowMediaRedirects);

    /// <summary>Serves a download by the path of Confluence's own links through the REST API.</summary>
    private async Task<Problem?> DownloadAsync(ProxiedRequest request, AttachmentDownload attachment)
    {
        foreach (var (index, path) in attachment.Lookups.Index())
        {
            var uri = Address(request, path);
            var (lookup, failure) = await calls.MakeAsync(request, isLast => new AttachmentLookup(request, uri, request.Token.Grant.Pair, time)
            {
                IsLast = isLast,
                HasNext = index + 1 < attachment.Lookups.Count,
            });
            if (failure is not null || !lookup.IsHeldBack)
            {
                return failure;
            }

            if (lookup.IsListed)
            {
                return lookup.AttachmentId is { } id ? await ForwardAsync(request, attachment.RestPath(id)) : ProxyProblems.NoSuchAttachment(attachment);
            }
        }

        throw new InvalidOperationException("The last lookup answers the caller or has a list.");
    }

    private static AttachmentDownload? AttachmentOf(ProxyTarget target, HttpRequest request) =>
        target.PathAndQuery.Contains(AttachmentDownload.Marker, StringComparison.Ordinal) && target.Product == ProxyTarget.Confluence
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            ? AttachmentDownload.Of(target.Path, target.Query)
            : null;

    private Uri Address(ProxiedRequest request, string path) => upstream.Address(request.Target, request.Connection.CloudId!, path);

    private static bool IsDownload(string path) => (path.IndexOf('?') is var query && query >= 0 ? path.AsSpan(0, query) : path).EndsWith("/download");

    private static ReplayableBody? Replayable(HttpContext context, int limit)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return null;
        }

        var body = new ReplayableBody(context.Request.Body, limit);
        context.Request.Body = body;
        return body;
    }
    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A request of {Id} could not be answered, by a defect of the gateway.")]
        public static partial void Broken(ILogger logger, ConnectionId id, Exception exception);
    }
}
