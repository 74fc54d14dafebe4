using System.Globalization;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>The life of a forwarded request, step by step.</summary>
internal sealed class ProxyHandler(
    Addressing addressing, TokenSource tokens, SiteChecks siteChecks, ProxyProblems problems, IHttpForwarder forwarder, Upstream upstream, GatewayMetrics metrics,
    IOptions<AtlassianOptions> atlassian, IOptions<ListenOptions> listen, IOptions<ReplayOptions> replay, TimeProvider time)
{
    // A token that was fetched because the one before was rejected, and is rejected too: the upstream minds something else, so
    // no replica refreshes for that again before this time has passed.
    private static readonly TimeSpan RejectionPause = TimeSpan.FromMinutes(5);

    /// <summary>Answers one request of the traffic listener.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var arrived = time.GetTimestamp();
        var error = addressing.Parse(context, out var target);
        try
        {
            var problem = error == TargetError.None
                ? await ForwardAsync(context, target, arrived)
                : ProxyProblems.Of(error);
            if (problem is not null && !context.Response.HasStarted)
            {
                await problem.ExecuteAsync(context);
            }
        }
        finally
        {
            metrics.RequestDuration.Observe(time.GetElapsedTime(arrived).TotalSeconds);
            metrics.Requests.WithLabels(target.Product ?? "none", Code(context)).Inc();
        }
    }

    // 499 is the customary code for a caller that hung up.
    private static string Code(HttpContext context) => context.RequestAborted.IsCancellationRequested
        ? "499"
        : context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);

    private async Task<Problem?> ForwardAsync(HttpContext context, ProxyTarget target, long arrived)
    {
        if (context.Request.ContentLength > listen.Value.MaxRequestBodyBytes)
        {
            return ProxyProblems.BodyTooLarge(listen.Value.MaxRequestBodyBytes);
        }

        var outcome = await tokens.GetAsync(target.ConnectionId, context.RequestAborted);
        if (outcome is not TokenOutcome.Ready ready)
        {
            return problems.Of(target.ConnectionId, outcome);
        }

        var body = Replayable(context);
        metrics.Overhead.Observe(time.GetElapsedTime(arrived).TotalSeconds);
        var (first, failure) = await SendAsync(context, target, ready, isLast: WasJustRejected(ready.Grant));
        if (failure is not null || !first.HeldBack)
        {
            return failure;
        }

        outcome = await tokens.GetNewerAsync(target.ConnectionId, ready.Grant.Version, RefreshTrigger.Rejected, context.RequestAborted);
        if (outcome is not TokenOutcome.Ready newer)
        {
            metrics.Replays.WithLabels("no_token").Inc();
            return problems.Of(target.ConnectionId, outcome);
        }

        if (body?.TryRewind() == false)
        {
            metrics.Replays.WithLabels("body_not_kept").Inc();
            return ProxyProblems.RetryRequest();
        }

        var (second, secondFailure) = await SendAsync(context, target, newer, isLast: true);
        if (second.Rejection == Rejection.Token)
        {
            // The token is as fresh as can be.
            siteChecks.Ask(newer.Snapshot);
        }

        metrics.Replays.WithLabels(secondFailure is not null ? "failed" : second.Rejection == Rejection.Token ? "rejected_again" : "replayed").Inc();
        return secondFailure;
    }

    private async Task<(Forward Forward, Problem? Failure)> SendAsync(HttpContext context, ProxyTarget target, TokenOutcome.Ready ready, bool isLast)
    {
        var forward = new Forward(upstream.Address(target.UpstreamPath(ready.Snapshot.Connection.CloudId!)), ready.Grant.Pair, isLast);
        var error = await forwarder.SendAsync(context, atlassian.Value.ApiBaseUrl, upstream.Client, upstream.RequestConfig, forward);
        if (forward.Rejection != Rejection.None)
        {
            metrics.UpstreamRejections.WithLabels(forward.Rejection switch { Rejection.Scope => "scope", Rejection.Site => "site", _ => "token" }).Inc();
        }

        if (forward.Rejection == Rejection.Site)
        {
            siteChecks.Ask(ready.Snapshot);
        }

        return (forward, error == ForwarderError.None ? null : Failure(context, error));
    }

    private Problem? Failure(HttpContext context, ForwarderError error)
    {
        var exception = context.GetForwarderErrorFeature()?.Exception;
        var bad = exception as BadHttpRequestException ?? exception?.InnerException as BadHttpRequestException;
        return bad?.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? ProxyProblems.BodyTooLarge(listen.Value.MaxRequestBodyBytes)
            : ProxyProblems.Of(error, bad ?? exception);
    }

    private ReplayableBody? Replayable(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return null;
        }

        var body = new ReplayableBody(context.Request.Body, replay.Value.MaxBodyBytes);
        context.Request.Body = body;
        return body;
    }

    private bool WasJustRejected(Grant grant) => grant.AfterRejection && time.GetUtcNow() - grant.Pair.ObtainedAt < RejectionPause;
}
