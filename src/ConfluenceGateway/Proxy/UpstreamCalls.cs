using System.Diagnostics;
using System.Runtime.CompilerServices;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>
/// Calls of the upstream, each with whatever token and patience it takes: a rejected token is refreshed and the call made once
/// more, and a throttled call is made again after a pause.
/// </summary>
internal sealed partial class UpstreamCalls(
    TokenSource tokens, UpstreamAnswers answers, ProxyProblems problems, IHttpForwarder forwarder, Upstream upstream,
    GatewayMetrics metrics, IOptions<AtlassianOptions> atlassian, IOptions<ListenOptions> listen, TimeProvider time, ILogger<UpstreamCalls> logger)
{
    /// <summary>
    /// Makes a call until it is not throttled any more, or the caller is to see that it is. When its token is rejected, it is made once
    /// more with a newer one.
    /// </summary>
    /// <param name="request">The request it is made for.</param>
    /// <param name="prepare">Makes a try of the call with the request's token; the flag says whether it is the last.</param>
    /// <returns>The last try, and why the caller has no answer from it; null when it has one, or the try was held back.</returns>
    public ValueTask<(T Try, Problem? Failure)> MakeAsync<T>(ProxiedRequest request, Func<bool, T> prepare)
        where T : Forward =>
        SendAsync(request, prepare, isLast: answers.WasJustRejected(request.Token.Grant));

    /// <summary>Sends a request once.</summary>
    /// <returns>Why the caller has no answer from it; null when it has one, or the answer was held back.</returns>
    public async Task<Problem?> SendOnceAsync(HttpContext context, HttpTransformer transformer) => Failure(context, await ForwardAsync(context, transformer));

    private ValueTask<ForwarderError> ForwardAsync(HttpContext context, HttpTransformer transformer) =>
        forwarder.SendAsync(context, atlassian.Value.ApiBaseUrl, upstream.Client, upstream.RequestConfig, transformer);

    // The way of every request: what is done here and not in a step of its own is not paid for as a step.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(T Try, Problem? Failure)> SendAsync<T>(ProxiedRequest request, Func<bool, T> prepare, bool isLast)
        where T : Forward
    {
        var waited = TimeSpan.Zero;
        for (var attempt = 1; ; attempt++)
        {
            var forward = prepare(isLast);
            forward.Begin(answers, attempt, waited);
            ForwarderError error;
            using (Traces.Start("forward", request.Target.ConnectionId.Value, ActivityKind.Client))
            {
                error = await ForwardAsync(request.Context, forward);
            }

            answers.Note(forward.Rejection, request.Token);
            if (forward.Status >= 500 || forward.Rejection != Rejection.None)
            {
                Log.Refused(logger, request.Target.ConnectionId, forward.Status, forward.AtlassianTraceId);
            }

            if (forward.Pause is not { } pause)
            {
                return forward.IsRejected ? await ReplayAsync(request, prepare, forward) : (forward, forward.IsHeldBack ? null : Failure(request.Context, error));
            }

            await Task.Delay(pause, time, request.Context.RequestAborted);
            waited += pause;
            request.Body?.TryRewind();
        }
    }

    private async Task<(T Try, Problem? Failure)> ReplayAsync<T>(ProxiedRequest request, Func<bool, T> prepare, T rejected)
        where T : Forward
    {
        var outcome = await tokens.GetNewerAsync(request.Target.ConnectionId, request.Token.Grant.Version, RefreshTrigger.Rejected, request.Context.RequestAborted);
        if (outcome is not TokenOutcome.Ready newer)
        {
            metrics.Replays.WithLabels("no_token").Inc();
            return (rejected, problems.Of(request.Target.ConnectionId, outcome));
        }

        request.Token = newer;
        if (request.Body?.TryRewind() == false)
        {
            metrics.Replays.WithLabels("body_not_kept").Inc();
            return (rejected, ProxyProblems.RetryRequest());
        }

        var (second, failure) = await SendAsync(request, prepare, isLast: true);
        if (second.Rejection == Rejection.Token)
        {
            answers.NoteRejectedAgain(newer);
        }

        metrics.Replays.WithLabels(failure is not null ? "failed" : second.Rejection == Rejection.Token ? "rejected_again" : "replayed").Inc();
        return (second, failure);
    }

    private Problem? Failure(HttpContext context, ForwarderError error)
    {
        if (error == ForwarderError.None)
        {
            return null;
        }

        var exception = context.GetForwarderErrorFeature()?.Exception;
        var bad = exception as BadHttpRequestException ?? exception?.InnerException as BadHttpRequestException;
        return bad?.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? ProxyProblems.BodyTooLarge(listen.Value.MaxRequestBodyBytes)
            : ProxyProblems.Of(error, bad ?? exception);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Atlassian answered a request of {Id} with {Status}; it knows it as {AtlTraceId}.")]
        public static partial void Refused(ILogger logger, ConnectionId id, int status, string? atlTraceId);
    }
}
