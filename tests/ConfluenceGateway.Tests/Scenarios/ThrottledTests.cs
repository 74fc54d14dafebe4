using System.Net;
using System.Text;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>Atlassian asks to come again later.</summary>
public sealed class ThrottledTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages";

    private static readonly Fault Quota = new(FaultKind.Status, FaultEndpoint.Confluence)
    {
        Code = 429,
        RetryAfter = 600,
        Headers = new Dictionary<string, string>
        {
            ["RateLimit-Reason"] = "confluence-quota-global-based",
            ["X-RateLimit-Limit"] = "65000",
            ["X-RateLimit-Remaining"] = "0",
            ["X-RateLimit-Reset"] = "2026-10-08T15:00:00Z",
            ["RateLimit-Policy"] = "\"global-app-quota\";q=65000;w=3600",
            ["RateLimit"] = "\"global-app-quota\";r=11000;t=600",
        },
        Times = 1,
    };

    [Fact]
    public async Task A_429_passes_with_its_headers_and_is_counted_and_the_quota_shows()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Atlassian.AddFaultAsync(Quota);

        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("600", answer.Headers.NonValidated["Retry-After"].ToString());
        foreach (var (name, value) in Quota.Headers!)
        {
            Assert.Equal(value, answer.Headers.NonValidated[name].ToString());
        }

        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_upstream_throttled_total{reason=\"quota_app\"}"));
        Assert.Equal(11_000, await world.Gateway.MetricAsync("confluence_gateway_upstream_quota_remaining"));
    }

    [Theory]
    [InlineData("GET", 429, 200)]
    [InlineData("DELETE", 503, 404)]
    [InlineData("POST", 429, 429)]
    public async Task For_callers_that_cannot_wait_the_gateway_waits_where_that_is_safe(string method, int code, int seen)
    {
        await using var world = await World.ConnectedAsync(stores, "--Throttling:WaitBudget=00:00:10");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = code, RetryAfter = 1, Times = 2 });
        using var request = new HttpRequestMessage(new HttpMethod(method), method == "DELETE" ? Pages + "/999999" : Pages);
        request.Content = method == "POST" ? new StringContent("{}", Encoding.UTF8, "application/json") : null;

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Equal((HttpStatusCode)seen, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_was_kept_is_sent_again_whole()
    {
        await using var world = await World.ConnectedAsync(stores, "--Throttling:WaitBudget=00:00:10");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 429, Times = 1 });

        using var answer = await world.Gateway.App.PutAsync(Pages + "/999999", new StringContent("{\"id\":\"999999\"}", Encoding.UTF8, "application/json"));

        Assert.NotEqual(HttpStatusCode.TooManyRequests, answer.StatusCode);
        var sent = (await world.Atlassian.GetRequestsAsync()).Where(request => request.Method == "PUT").ToArray();
        Assert.Equal(2, sent.Length);
        Assert.Equal(sent[0].BodySha256, sent[1].BodySha256);
    }

    [Fact]
    public async Task Longer_than_the_budget_nobody_waits()
    {
        await using var world = await World.ConnectedAsync(stores, "--Throttling:WaitBudget=00:00:02");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 429, RetryAfter = 30, Times = 1 });

        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task One_noisy_connection_leaves_the_others_their_share()
    {
        await using var world = await World.ConnectedAsync(stores, "--Throttling:FairShare=Enforce", "--Throttling:QuotaPoints=100");
        await world.Gateway.ConnectAsync("quiet");
        if (world.Clock.GetUtcNow().Minute > 50)
        {
            // All of it happens in one hour.
            await world.AdvanceAsync(TimeSpan.FromMinutes(15));
        }

        using var first = await world.Gateway.App.GetAsync("/confluence/quiet/wiki/rest/api/user/current");
        HttpStatusCode last;
        var served = 0;
        do
        {
            using var answer = await world.Gateway.App.GetAsync(Pages + "?limit=1");
            last = answer.StatusCode;
            served++;
        }
        while (last == HttpStatusCode.OK && served < 100);

        using var noisy = await world.Gateway.App.GetAsync(Pages + "?limit=1");
        using var quiet = await world.Gateway.App.GetAsync("/confluence/quiet/wiki/rest/api/user/current");

        Assert.InRange(served, 30, 50); // Two points each, up to four fifths of a hundred.
        await noisy.ProblemAsync(HttpStatusCode.TooManyRequests, "over-fair-share");
        Assert.NotNull(noisy.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, quiet.StatusCode);
    }
}
