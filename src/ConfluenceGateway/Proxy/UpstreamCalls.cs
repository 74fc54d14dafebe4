using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Proxy.Throttling;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>
/// Calls of the upstream, each with whatever token and patience it takes: a rejected token is refreshed and the call made once
/// more, and a throttled call is made again after a pause.
/// </summary>
internal sealed class UpstreamCalls(
    TokenSource tokens, SiteChecks siteChecks, ProxyProblems problems, IHttpForwarder forwarder, Upstream upstream, AppQuota quota, RetryPause pauses,
    GatewayMetrics metrics, IOptions<AtlassianOptions> atlassian, IOptions<ListenOptions> listen, TimeProvider time)
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
        var wasJustRejected = WasJustRejected(request.Token.Grant);
        var (first, failure) = await SendAsync(request, () => prepare(wasJustRejected));
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

        (var second, failure) = await SendAsync(request, () => prepare(true));
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

    /// <summary>Makes the call until it is not throttled any more, or the caller is to see that it is.</summary>
    private async Task<(T Try, Problem? Failure)> SendAsync<T>(ProxiedRequest request, Func<T> prepare)
        where T : Forward
    {
        var waited = TimeSpan.Zero;
        for (var attempt = 1; ; attempt++)
        {
            var forward = prepare();
            var soFar = (Attempt: attempt, Waited: waited);
            forward.PauseAfter = answer => PauseAfter(answer, request, soFar.Attempt, soFar.Waited);
            var failure = await SendOnceAsync(request.Context, forward);
            Note(request, forward);
            if (forward.Pause is not { } pause)
            {
                return (forward, forward.IsHeldBack ? null : failure);
            }

            await Task.Delay(pause, time, request.Context.RequestAborted);
            waited += pause;
            request.Body?.TryRewind();
        }
    }

    private TimeSpan? PauseAfter(HttpResponseMessage answer, ProxiedRequest request, int attempt, TimeSpan waited)
    {
        quota.Observe(answer);
        if (Throttle.Of(answer, time.GetUtcNow()) is not { } throttle)
        {
            return null;
        }

        metrics.UpstreamThrottled.WithLabels(throttle.Reason).Inc();
        return IsIdempotent(request.Context.Request.Method) && request.Body is not { CanRewind: false } ? pauses.Next(throttle, attempt, waited) : null;
    }

    private void Note(ProxiedRequest request, Forward forward)
    {
        if (forward.Rejection != Rejection.None)
        {
            metrics.UpstreamRejections.WithLabels(forward.Rejection switch { Rejection.Scope => "scope", Rejection.Site => "site", _ => "token" }).Inc();
        }

        if (forward.Rejection == Rejection.Site)
        {
            siteChecks.Ask(request.Token.Snapshot);
        }
    }

    // RFC 9110 section 9.2.2; of those that are safe, these are forwarded.
    private static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);

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
