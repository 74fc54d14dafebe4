using System.Net;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Compatibility.V1;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>Atlassian asks to come again later in the middle of the calls that serve one.</summary>
public sealed class ThrottledFanOutTests(Stores stores)
{
    private const string List = "content?limit=25&expand=body.view";

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
    };

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(26)]
    public async Task A_429_ends_the_call_as_it_came_and_hardly_anything_is_asked_after_it(int before)
    {
        await using var world = await V1World.StartAsync(stores);
        await world.Atlassian.AddFaultAsync(Quota with { Skip = before });

        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/rest/api/" + List);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("600", answer.Headers.NonValidated["Retry-After"].ToString());
        foreach (var (name, value) in Quota.Headers!)
        {
            Assert.Equal(value, answer.Headers.NonValidated[name].ToString());
        }

        Assert.InRange((await world.Atlassian.GetRequestsAsync()).Count, before + 1, Math.Min(before + V2Calls.MostAtATime, 27));
    }

    [Theory]
    [InlineData(0, List)]
    [InlineData(2, List)]
    [InlineData(26, List)]
    [InlineData(1, "content/98345/property")]
    public async Task For_callers_that_cannot_wait_the_gateway_waits(int before, string path)
    {
        await using var world = await V1World.StartAsync(stores, "--Throttling:WaitBudget=00:00:10");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 429, RetryAfter = 1, Skip = before, Times = 1 });

        var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", path);

        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
        Assert.Contains((await world.Atlassian.GetRequestsAsync()), request => request.Status == 429);
    }

    [Fact]
    public async Task What_a_caller_waits_is_limited_for_all_calls_together()
    {
        await using var world = await V1World.StartAsync(stores, "--Throttling:WaitBudget=00:00:03");
        // One after the other: the id is no page's, so its kind is asked for.
        foreach (var path in new[] { "pages/98345", "content/convert-ids-to-types" })
        {
            await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 429, RetryAfter = 1, Times = 2, PathPrefix = $"/ex/confluence/{World.AcmeCloudId}/wiki/api/v2/{path}" });
        }

        var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", "content/98345/property");

        Assert.Equal(HttpStatusCode.TooManyRequests, reply.Status);
    }

    [Fact]
    public async Task A_create_that_is_throttled_is_not_sent_again()
    {
        await using var world = await V1World.StartAsync(stores, "--Throttling:WaitBudget=00:00:10");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 429, RetryAfter = 1, Skip = 1, Times = 1 });

        var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "POST", "content", """{"type":"page","title":"Once","space":{"key":"DEMO"}}""");

        Assert.Equal(HttpStatusCode.TooManyRequests, reply.Status);
        Assert.Single((await world.Atlassian.GetRequestsAsync()), request => request.Method == "POST");
    }

    [Fact]
    public async Task The_calls_that_serve_one_count_in_the_fair_share()
    {
        await using var world = await V1World.StartAsync(stores, "--Throttling:FairShare=Enforce", "--Throttling:QuotaPoints=100");
        await world.Gateway.ConnectAsync("quiet");
        if (world.Clock.GetUtcNow().Minute > 50)
        {
            // All of it happens in one hour.
            await world.AdvanceAsync(TimeSpan.FromMinutes(15));
        }

        using var quiet = await world.Gateway.App.GetAsync("/confluence/quiet/wiki/rest/api/user/current");
        var served = 0;
        for (; served < 20 && (await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", "content?limit=10&expand=body.view")).Status == HttpStatusCode.OK; served++)
        {
        }

        // Twelve calls and some thirty points more than the eleven that each seems to cost.
        Assert.InRange(served, 1, 4);
    }

    [Fact]
    public async Task Calls_and_what_they_cost_are_counted_by_operation()
    {
        await using var world = await V1World.StartAsync(stores);
        await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", "content?limit=4&expand=body.view");
        await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", "content?limit=4&expand=body.editor");
        await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", "content/98305?expand=");
        await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", "content/1?expand=");

        var (list, read) = (await CostAsync("content"), await CostAsync("content/{id}"));
        // The simulator notes a request after it has answered it.
        await Eventually.TrueAsync(async () => (await world.Atlassian.GetRequestsAsync()).Count == list + read, "the calls that were counted were made");
        Assert.InRange(list, 5, 7);
        Assert.Equal(1, await CountAsync("GET content", "v2"));
        Assert.Equal(1, await CountAsync("GET content", "none"));
        Assert.Equal(2, await CountAsync("GET content/{id}", "v2"));
        Assert.Equal(2, await world.Gateway.MetricAsync("confluence_gateway_requests_total{product=\"confluence\",code=\"200\"}"));
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_requests_total{product=\"confluence\",code=\"501\"}"));
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_requests_total{product=\"confluence\",code=\"404\"}"));

        Task<double> CostAsync(string below) => world.Gateway.MetricAsync($"confluence_gateway_v1_upstream_calls_total{{operation=\"GET {below}\"}}");

        Task<double> CountAsync(string operation, string served) => world.Gateway.MetricAsync($"confluence_gateway_v1_requests_total{{operation=\"{operation}\",served=\"{served}\"}}");
    }
}
