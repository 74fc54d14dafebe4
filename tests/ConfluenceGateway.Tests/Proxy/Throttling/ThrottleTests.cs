using System.Net;
using ConfluenceGateway.Proxy.Throttling;

namespace ConfluenceGateway.Tests.Proxy.Throttling;

/// <summary>Which answers ask to come again later, why, and when.</summary>
public sealed class ThrottleTests
{
    private static readonly DateTimeOffset Now = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.BadGateway)]
    public void Another_status_is_none_whatever_it_carries(HttpStatusCode status) =>
        Assert.Null(Of(status, "Retry-After: 5", "RateLimit-Reason: confluence-burst-based"));

    [Fact]
    public void A_503_is_one_with_Retry_After_only()
    {
        Assert.Equal(new Throttle("unavailable", TimeSpan.FromSeconds(5)), Of(HttpStatusCode.ServiceUnavailable, "Retry-After: 5"));
        Assert.Null(Of(HttpStatusCode.ServiceUnavailable));
    }

    [Theory]
    [InlineData("RateLimit-Reason: confluence-quota-global-based", "quota_app")]
    [InlineData("RateLimit-Reason: conf-global-based", "quota_app")]
    [InlineData("RateLimit-Reason: Jira-Quota-Global-Based", "quota_app")]
    [InlineData("RateLimit-Reason: confluence-quota-tenant-based", "quota_tenant")]
    [InlineData("RateLimit-Reason: confluence-burst-based", "burst")]
    [InlineData("RateLimit-Reason: something-new", "unknown")]
    [InlineData("X-Failure-Category: FAILURE CLIENT RATE LIMITED", "edge")]
    [InlineData("X-Failure-Category: failure_client_rate_limited", "edge")]
    [InlineData("X-Failure-Category: FAILURE_CLIENT_SCOPE_CHECK", "unknown")]
    [InlineData("X-Other: x", "unknown")]
    public void The_reason_is_told_loosely(string header, string reason) =>
        Assert.Equal(new Throttle(reason, null), Of(HttpStatusCode.TooManyRequests, header));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData("Sat, 01 Jun 2030 12:01:30 GMT", 90)]
    [InlineData("Sat, 01 Jun 2030 11:00:00 GMT", 0)]
    [InlineData("-5", null)]
    [InlineData("1.5", null)]
    [InlineData("soon", null)]
    [InlineData("99999999999999999999", null)]
    public void Retry_After_is_seconds_or_a_date_and_never_negative(string value, int? seconds) =>
        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, Of(HttpStatusCode.TooManyRequests, "Retry-After: " + value)!.RetryAfter);

    [Fact]
    public void The_headers_stay_as_they_came()
    {
        using var answer = Answers.With(HttpStatusCode.TooManyRequests, "Retry-After: 007");

        Assert.Equal(TimeSpan.FromSeconds(7), Throttle.Of(answer, Now)!.RetryAfter);
        Assert.Equal("007", answer.Headers.NonValidated["Retry-After"].ToString());
    }

    private static Throttle? Of(HttpStatusCode status, params string[] headers)
    {
        using var answer = Answers.With(status, headers);
        return Throttle.Of(answer, Now);
    }
}
