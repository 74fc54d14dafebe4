using System.Net;
using System.Net.Http.Headers;

namespace ConfluenceGateway.Proxy.Throttling;

/// <summary>An answer of the upstream that asks to come again later.</summary>
/// <param name="Reason">Which limit was met: one of the constants below, also a label of the metric.</param>
/// <param name="RetryAfter">How long the answer asks to wait; null when it does not say.</param>
/// <remarks>
/// See developer.atlassian.com/cloud/confluence/rate-limiting. The values of <c>RateLimit-Reason</c> that have been seen are not
/// those documented (<c>conf-global-based</c>, <c>confluence-quota-global-based</c>), so they are told by a word in them.
/// </remarks>
internal sealed record Throttle(string Reason, TimeSpan? RetryAfter)
{
    /// <summary>The hourly quota of the app, over all its sites.</summary>
    public const string QuotaApp = "quota_app";

    /// <summary>The hourly quota of one site.</summary>
    public const string QuotaTenant = "quota_tenant";

    /// <summary>Too many requests within a second or so.</summary>
    public const string Burst = "burst";

    /// <summary>Refused by Atlassian's edge, before any product.</summary>
    public const string Edge = "edge";

    /// <summary>503 with <c>Retry-After</c>.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>429 without a reason that is known.</summary>
    public const string Unknown = "unknown";

    /// <summary>What <paramref name="answer"/> asks for; null unless it is 429, or 503 with <c>Retry-After</c>.</summary>
    public static Throttle? Of(HttpResponseMessage answer, DateTimeOffset now) => answer.StatusCode switch
    {
        HttpStatusCode.TooManyRequests => new Throttle(ReasonOf(answer), RetryAfterOf(answer, now)),
        HttpStatusCode.ServiceUnavailable when answer.Headers.NonValidated.Contains("Retry-After") => new Throttle(Unavailable, RetryAfterOf(answer, now)),
        _ => null,
    };

    private static string ReasonOf(HttpResponseMessage answer) => Value(answer, "RateLimit-Reason") switch
    {
        { } reason when Has(reason, "global") => QuotaApp,
        { } reason when Has(reason, "tenant") => QuotaTenant,
        { } reason when Has(reason, "burst") => Burst,
        // "FAILURE CLIENT RATE LIMITED", with spaces or with underscores.
        _ when Value(answer, "X-Failure-Category") is { } category && Has(category, "rate") && Has(category, "limit") => Edge,
        _ => Unknown,
    };

    private static TimeSpan? RetryAfterOf(HttpResponseMessage answer, DateTimeOffset now) =>
        RetryConditionHeaderValue.TryParse(Value(answer, "Retry-After"), out var retry)
            ? retry.Delta ?? (retry.Date > now ? retry.Date - now : TimeSpan.Zero)
            : null;

    // Not validated: a value that was parsed would go to the caller in another spelling than it came in.
    private static string? Value(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
