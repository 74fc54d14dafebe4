using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Compatibility.V1;
using ConfluenceGateway.Proxy.Throttling;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>
/// Calls that the gateway makes of its own to answer a request: to the request's site, with its token, and with nothing else of it.
/// A rejected token is refreshed and the call made once more, and a throttled call is made again after a pause.
/// </summary>
internal sealed class SiteCalls(
    TokenSource tokens, UpstreamAnswers answers, ProxyProblems problems, Upstream upstream, FairShare fairShare, GatewayMetrics metrics, IOptions<UpstreamOptions> options, TimeProvider time)
{
    // A list of 250 pages with long bodies. What is longer would not fit into the memory of a replica many times.
    private const int LongestAnswer = 64 * 1024 * 1024;

    /// <summary>The calls of one request.</summary>
    public SiteCall Of(ProxiedRequest request)
    {
        // What a caller waits is limited for its request, not for each of the calls.
        var waits = new Waits(time);
        return (method, path, body, changes, cancellation) => MakeAsync(request, waits, method, path, body, changes, cancellation);
    }

    private async Task<SiteAnswer> MakeAsync(
        ProxiedRequest request, Waits waits, HttpMethod method, string path, JsonNode? body, bool changes, CancellationToken cancellation)
    {
        fairShare.Count(request.Target.ConnectionId, method.Method, path);
        var (target, token) = (request.Target, request.Token);
        var uri = upstream.Address(target, token.Snapshot.Connection.CloudId!, path);
        var bytes = body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body);
        var mayRepeat = !changes || UpstreamAnswers.IsIdempotent(method.Method);
        var isLast = answers.WasJustRejected(token.Grant);
        var (answer, rejection) = await SendAsync(token, uri, method, bytes, mayRepeat, waits, cancellation);
        if (rejection != Rejection.Token || isLast)
        {
            return answer;
        }

        if (await tokens.GetNewerAsync(target.ConnectionId, token.Grant.Version, RefreshTrigger.Rejected, cancellation) is var outcome && outcome is not TokenOutcome.Ready newer)
        {
            metrics.Replays.WithLabels("no_token").Inc();
            throw V1Exception.Of(problems.Of(target.ConnectionId, outcome));
        }

        request.Token = newer;
        (answer, rejection) = await SendAsync(newer, uri, method, bytes, mayRepeat, waits, cancellation);
        if (rejection == Rejection.Token)
        {
            answers.NoteRejectedAgain(newer);
        }

        metrics.Replays.WithLabels(rejection == Rejection.Token ? "rejected_again" : "replayed").Inc();
        return answer;
    }

    /// <summary>Sends a call until it is not throttled any more, or the caller is to see that it is.</summary>
    private async Task<(SiteAnswer Answer, Rejection Rejection)> SendAsync(
        TokenOutcome.Ready token, Uri uri, HttpMethod method, byte[]? body, bool mayRepeat, Waits waits, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var tries = attempt;
            var (answer, rejection, pause) = await SendOnceAsync(token, uri, method, body, answer => answers.PauseAfter(answer, mayRepeat, tries, waits.Total), cancellation);
            answers.Note(rejection, token);
            if (pause is not { } rest)
            {
                return (answer, rejection);
            }

            waits.Add(rest);
            await Task.Delay(rest, time, cancellation);
        }
    }

    private async Task<(SiteAnswer Answer, Rejection Rejection, TimeSpan? Pause)> SendOnceAsync(
        TokenOutcome.Ready token, Uri uri, HttpMethod method, byte[]? body, Func<HttpResponseMessage, TimeSpan?> pauseAfter, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.Value.ActivityTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var request = Request(token, uri, method, body);
            using var answer = await upstream.Client.SendAsync(request, either.Token);
            var rejection = await Rejections.OfAsync(answer, token.Grant.Pair, time, either.Token);
            var pause = pauseAfter(answer);
            await answer.Content.LoadIntoBufferAsync(LongestAnswer, either.Token);
            return (new SiteAnswer((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(either.Token), answer.Headers, answer.Content.Headers.ContentType?.ToString()), rejection, pause);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed(ForwarderError.RequestTimedOut);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw V1Exception.Impossible("v2's answer is longer than the gateway can hold", "Ask for fewer results at a time.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Failed(ForwarderError.Request);
        }
    }

    private static V1Exception Failed(ForwarderError error) => V1Exception.Of(ProxyProblems.Of(error, null)!);

    private HttpRequestMessage Request(TokenOutcome.Ready token, Uri uri, HttpMethod method, byte[]? body)
    {
        var request = new HttpRequestMessage(method, uri) { Version = upstream.RequestConfig.Version!, VersionPolicy = upstream.RequestConfig.VersionPolicy!.Value };
        HeaderRules.ApplyOwn(method.Method, request.Headers, token.Grant.Pair.Authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        return request;
    }
}
