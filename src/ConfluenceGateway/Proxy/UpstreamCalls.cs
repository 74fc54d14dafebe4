using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>Calls of the upstream, each with whatever token it takes: a rejected one is refreshed, and the call made once more.</summary>
internal sealed class UpstreamCalls(
    TokenSource tokens, SiteChecks siteChecks, ProxyProblems problems, IHttpForwarder forwarder, Upstream upstream, GatewayMetrics metrics,
    IOptions<AtlassianOptions> atlassian, IOptions<ListenOptions> listen, TimeProvider time)
{
    // A token that was fetched because the one before was rejected, and is rejected too: the upstream minds something else, so
    // no replica refreshes for that again before this time has passed.
    private static readonly TimeSpan RejectionPause = TimeSpan.FromMinutes(5);

    /// <summary>Makes a call and, when its token is rejected, makes it once more with a newer one.</summary>
    /// <param name="request">The request it is made for.</param>
    /// <param name="prepare">Makes a try of the call with the request's token; the flag says whether it is the last.</param>
    /// <returns>The last try, and why the caller has no answer from it; null when it has one, or the try was held back.</returns>
    public async Task<(T Try, Problem? Failure)> MakeAsync<T>(ProxiedRequest request, Func<bool, T> prepare)
        where T : Forward
    {
        var first = prepare(WasJustRejected(request.Token.Grant));
        var failure = await SendAsync(request, first);
        if (failure is not null || !first.IsRejected)
        {
            return (first, failure);
        }

        var outcome = await tokens.GetNewerAsync(request.Target.ConnectionId, request.Token.Grant.Version, RefreshTrigger.Rejected, request.Context.RequestAborted);
        if (outcome is not TokenOutcome.Ready newer)
        {
            metrics.Replays.WithLabels("no_token").Inc();
            return (first, problems.Of(request.Target.ConnectionId, outcome));
        }

        request.Token = newer;
        if (request.Body?.TryRewind() == false)
        {
            metrics.Replays.WithLabels("body_not_kept").Inc();
            return (first, ProxyProblems.RetryRequest());
        }

        var second = prepare(true);
        failure = await SendAsync(request, second);
        if (second.Rejection == Rejection.Token)
        {
            // The token is as fresh as can be.
            siteChecks.Ask(newer.Snapshot);
        }

        metrics.Replays.WithLabels(failure is not null ? "failed" : second.Rejection == Rejection.Token ? "rejected_again" : "replayed").Inc();
        return (second, failure);
    }

    /// <summary>Sends a request once.</summary>
    /// <returns>Why the caller has no answer from it; null when it has one, or the answer was held back.</returns>
    public async Task<Problem?> SendOnceAsync(HttpContext context, HttpTransformer transformer)
    {
        var error = await forwarder.SendAsync(context, atlassian.Value.ApiBaseUrl, upstream.Client, upstream.RequestConfig, transformer);
        return error == ForwarderError.None ? null : Failure(context, error);
    }

    private async Task<Problem?> SendAsync(ProxiedRequest request, Forward forward)
    {
        var failure = await SendOnceAsync(request.Context, forward);
        if (forward.Rejection != Rejection.None)
        {
            metrics.UpstreamRejections.WithLabels(forward.Rejection switch { Rejection.Scope => "scope", Rejection.Site => "site", _ => "token" }).Inc();
        }

        if (forward.Rejection == Rejection.Site)
        {
            siteChecks.Ask(request.Token.Snapshot);
        }

        return forward.IsHeldBack ? null : failure;
    }

    private Problem? Failure(HttpContext context, ForwarderError error)
    {
        var exception = context.GetForwarderErrorFeature()?.Exception;
        var bad = exception as BadHttpRequestException ?? exception?.InnerException as BadHttpRequestException;
        return bad?.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? ProxyProblems.BodyTooLarge(listen.Value.MaxRequestBodyBytes)
            : ProxyProblems.Of(error, bad ?? exception);
    }

    private bool WasJustRejected(Grant grant) => grant.AfterRejection && time.GetUtcNow() - grant.Pair.ObtainedAt < RejectionPause;
}
