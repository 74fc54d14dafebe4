using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Proxy.Throttling;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Proxy;

/// <summary>What follows from answers of the upstream, whoever gets them: for the token, for the quota, and for when to come again.</summary>
internal sealed class UpstreamAnswers(SiteChecks siteChecks, AppQuota quota, RetryPause pauses, GatewayMetrics metrics, TimeProvider time)
{
    // A token that was fetched because the one before was rejected, and is rejected too: the upstream minds something else, so
    // no replica refreshes for that again before this time has passed.
    private static readonly TimeSpan RejectionPause = TimeSpan.FromMinutes(5);

    /// <summary>How long a throttled request rests before it is sent again; null when the answer is to be used.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="mayRepeat">Whether the request can be sent again, and does no harm then.</param>
    /// <param name="attempt">How often it was sent, from 1.</param>
    /// <param name="waited">How long it has rested so far.</param>
    public TimeSpan? PauseAfter(HttpResponseMessage answer, bool mayRepeat, int attempt, TimeSpan waited)
    {
        quota.Observe(answer);
        // Nearly all answers are no error, and need no look at the clock.
        if ((int)answer.StatusCode < 400 || Throttle.Of(answer, time.GetUtcNow()) is not { } throttle)
        {
            return null;
        }

        metrics.UpstreamThrottled.WithLabels(throttle.Reason).Inc();
        return mayRepeat ? pauses.Next(throttle, attempt, waited) : null;
    }

    /// <summary>Notes how the upstream took a token.</summary>
    public void Note(Rejection rejection, TokenOutcome.Ready token)
    {
        if (rejection != Rejection.None)
        {
            metrics.UpstreamRejections.WithLabels(rejection switch { Rejection.Scope => "scope", Rejection.Site => "site", _ => "token" }).Inc();
        }

        if (rejection == Rejection.Site)
        {
            siteChecks.Ask(token.Snapshot);
        }
    }

    /// <summary>Notes that a token which is as fresh as can be was rejected.</summary>
    public void NoteRejectedAgain(TokenOutcome.Ready token) => siteChecks.Ask(token.Snapshot);

    /// <summary>Whether a token is the answer to a rejection of a moment ago.</summary>
    public bool WasJustRejected(Grant grant) => grant.AfterRejection && time.GetUtcNow() - grant.Pair.ObtainedAt < RejectionPause;

    /// <summary>RFC 9110 section 9.2.2; of those that are safe, the ones that are forwarded.</summary>
    public static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);
}
