using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Faults;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Faults;

public sealed class ApiFaultTests : SimulatorTest
{
    private const string Pages = "/wiki/api/v2/pages";

    [Fact]
    public async Task A_good_token_may_be_refused_once()
    {
        var token = await Simulator.AccessTokenAsync();
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.FalseUnauthorized, FaultEndpoint.Confluence) { Times = 1 });

        var refused = await Simulator.ConfluenceAsync(token, Pages).ReadAsync(HttpStatusCode.Unauthorized);

        Assert.Equal("""{"code":401,"message":"Unauthorized"}""", refused.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(token, Pages).StatusAsync());
    }

    [Fact]
    public async Task A_fault_of_a_grant_strikes_its_api_calls_only()
    {
        var (struck, spared) = (await Simulator.Control.MintGrantAsync("alice"), await Simulator.AccessTokenAsync());
        var (token, _) = await Simulator.RotateAsync(struck.RefreshToken);
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 503, GrantId = struck.Id });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Simulator.ConfluenceAsync(token, Pages).StatusAsync());
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(spared, Pages).StatusAsync());
    }

    [Fact]
    public async Task A_fault_of_a_path_strikes_below_it_only()
    {
        var token = await Simulator.AccessTokenAsync();
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence)
        {
            Code = 429,
            RetryAfter = 0,
            PathPrefix = $"/ex/confluence/{RunningSimulator.Acme}/wiki/api/v2/spaces",
        });

        using var struck = await Simulator.ConfluenceAsync(token, "/wiki/api/v2/spaces");
        Assert.Equal((HttpStatusCode.TooManyRequests, "0"), (struck.StatusCode, struck.Header("retry-after")));
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(token, Pages).StatusAsync());
    }

    [Fact]
    public async Task An_answer_instead_may_carry_headers()
    {
        var token = await Simulator.AccessTokenAsync();
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence)
        {
            Code = 429,
            Headers = new Dictionary<string, string> { ["RateLimit-Reason"] = "confluence-quota-global-based" },
            Times = 1,
        });

        using var struck = await Simulator.ConfluenceAsync(token, Pages);
        Assert.Equal((HttpStatusCode.TooManyRequests, "confluence-quota-global-based"), (struck.StatusCode, struck.Header("RateLimit-Reason")));
        using var next = await Simulator.ConfluenceAsync(token, Pages);
        Assert.Equal((HttpStatusCode.OK, ""), (next.StatusCode, next.Header("RateLimit-Reason")));
    }

    [Theory]
    [InlineData(FaultEndpoint.Confluence)]
    [InlineData(FaultEndpoint.Token)]
    public async Task A_good_answer_may_carry_headers_too(FaultEndpoint endpoint)
    {
        const string Remaining = "\"global-app-quota\";r=11000;t=600";
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.AddHeaders, endpoint)
        {
            Headers = new Dictionary<string, string> { ["RateLimit"] = Remaining },
        });
        var grant = await Simulator.Control.MintGrantAsync("alice");

        using var refreshed = await Simulator.RefreshAsync(grant.RefreshToken);
        using var pages = await Simulator.ConfluenceAsync(await Simulator.AccessTokenAsync(), Pages);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (refreshed.StatusCode, pages.StatusCode));
        Assert.Equal(endpoint == FaultEndpoint.Token ? Remaining : "", refreshed.Header("RateLimit"));
        Assert.Equal(endpoint == FaultEndpoint.Confluence ? Remaining : "", pages.Header("RateLimit"));
        Assert.Contains("results", await pages.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Added_headers_go_with_a_fault_that_decides_the_answer()
    {
        var token = await Simulator.AccessTokenAsync();
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.AddHeaders, FaultEndpoint.Confluence) { Headers = new Dictionary<string, string> { ["X-Added"] = "yes" } });
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 503, Phase = FaultPhase.AfterSpend });

        using var struck = await Simulator.ConfluenceAsync(token, Pages);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "yes"), (struck.StatusCode, struck.Header("X-Added")));
    }

    [Fact]
    public async Task A_write_may_be_done_though_its_answer_is_lost()
    {
        var token = await Simulator.AccessTokenAsync();
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.DropAfterSpend, FaultEndpoint.Confluence) { Times = 1 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Simulator.ConfluenceAsync(
            token, Pages, HttpMethod.Post, new { spaceId = "98304", title = "Lost answer" }));

        var found = await Simulator.ConfluenceAsync(token, $"{Pages}?title=Lost%20answer").ReadAsync();
        Assert.Single((JsonArray)found["results"]!);
    }

    [Fact]
    public async Task An_api_answer_may_be_cut_short()
    {
        var token = await Simulator.AccessTokenAsync();
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.TruncatedBody, FaultEndpoint.Confluence) { Times = 1 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Simulator.ConfluenceAsync(token, Pages));
    }

    [Fact]
    public async Task A_dropped_request_is_recorded_with_status_zero()
    {
        var token = await Simulator.AccessTokenAsync();
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.DropBeforeSpend, FaultEndpoint.Confluence) { Times = 1 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Simulator.ConfluenceAsync(token, Pages));

        Assert.Equal(0, Assert.Single(await Simulator.Control.GetRequestsAsync()).Status);
    }

    [Fact]
    public async Task Every_endpoint_can_be_struck()
    {
        var token = await Simulator.AccessTokenAsync();
        foreach (var endpoint in Enum.GetValues<FaultEndpoint>())
        {
            await Simulator.Control.AddFaultAsync(new Fault(FaultKind.Html, endpoint) { Code = 502 });
        }

        Assert.Equal(HttpStatusCode.BadGateway, await Simulator.Http.GetAsync(RunningSimulator.AuthorizeUrl()).StatusAsync());
        Assert.Equal(HttpStatusCode.BadGateway, await Simulator.RefreshAsync("eyJ").StatusAsync());
        Assert.Equal(HttpStatusCode.BadGateway, await Simulator.ApiAsync(token, "/oauth/token/accessible-resources").StatusAsync());
        Assert.Equal(HttpStatusCode.BadGateway, await Simulator.ConfluenceAsync(token, Pages).StatusAsync());
        Assert.Equal(HttpStatusCode.BadGateway, await Simulator.ApiAsync(token, $"/ex/jira/{RunningSimulator.Acme}/rest/api/3/myself").StatusAsync());
        Assert.Equal(HttpStatusCode.BadGateway, await Simulator.Http.GetAsync(new Uri(Simulator.Addresses.MediaUrl, "/file/x/binary")).StatusAsync());
        Assert.Equal(6, (await Simulator.Control.GetCountersAsync()).FaultsApplied);
    }

    [Fact]
    public async Task The_control_api_is_never_struck()
    {
        await Simulator.Control.AddFaultAsync(new Fault(FaultKind.DropBeforeSpend, FaultEndpoint.Confluence));

        Assert.NotNull((await Simulator.Control.GetStateAsync()).Settings);
    }
}
