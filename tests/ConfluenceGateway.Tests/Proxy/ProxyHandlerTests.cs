using System.Net;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>What an app gets from the gateway when its request cannot be forwarded.</summary>
public sealed class ProxyHandlerTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages";

    [Theory]
    [InlineData("/confluence/De-Mo/x", 400, "bad-path")]
    [InlineData("/confluence/demo-/x", 400, "bad-path")]
    [InlineData("/confluence/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/x", 400, "bad-path")]
    [InlineData("/confluence/demo/%252e%252e/x", 400, "bad-path")]
    [InlineData("/bitbucket/demo/x", 404, "unknown-product")]
    [InlineData("/confluence/nobody/x", 404, "unknown-connection")]
    [InlineData("/jira/nobody/x", 404, "unknown-connection")]
    public async Task A_request_that_addresses_nothing_is_told_what_is_wrong(string path, int status, string name)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.App.GetAsync(path);

        await answer.ProblemAsync((HttpStatusCode)status, name);
    }

    [Fact]
    public async Task A_paused_connection_forwards_nothing_until_it_is_resumed()
    {
        await using var world = await World.ConnectedAsync(stores);
        using var paused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null);
        using var refused = await world.Gateway.App.GetAsync(Pages);
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "connection-paused");

        using var resumed = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/resume", null);
        using var served = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Jira_goes_to_its_own_path_with_the_same_grant()
    {
        await using var world = await World.ConnectedAsync(stores);

        using var answer = await world.Gateway.App.GetAsync("/jira/demo/rest/api/3/myself?expand=groups");

        Assert.Equal($"/ex/jira/{World.AcmeCloudId}/rest/api/3/myself?expand=groups", (await world.Atlassian.GetRequestsAsync())[^1].Target);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_an_answer_is_a_502()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.DropBeforeSpend, FaultEndpoint.Confluence));

        using var answer = await world.Gateway.App.GetAsync(Pages);

        await answer.ProblemAsync(HttpStatusCode.BadGateway, "upstream-unreachable");
    }

    [Theory]
    [InlineData("TRACE", 405, "method-not-allowed")]
    [InlineData("GET", 400, "upgrade-not-supported")]
    public async Task What_would_show_the_token_or_be_no_request_is_refused(string method, int status, string name)
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Atlassian.ClearRequestsAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), Pages);
        if (method == "GET")
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        }

        using var answer = await world.Gateway.App.SendAsync(request);

        await answer.ProblemAsync((HttpStatusCode)status, name);
        Assert.Equal(status == 405, answer.Content.Headers.Allow.Contains("GET"));
        Assert.Empty(await world.Atlassian.GetRequestsAsync());
    }

    [Fact]
    public async Task Another_upgrade_is_ignored()
    {
        await using var world = await World.ConnectedAsync(stores);
        using var request = new HttpRequestMessage(HttpMethod.Get, Pages);
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade, HTTP2-Settings");
        request.Headers.TryAddWithoutValidation("Upgrade", "h2c");
        request.Headers.TryAddWithoutValidation("HTTP2-Settings", "AAMAAABkAAQAAP__");

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain((await world.Atlassian.GetRequestsAsync())[^1].Headers, header => header.Name is "Upgrade" or "HTTP2-Settings");
    }

    [Fact]
    public async Task An_upstream_that_is_too_slow_is_a_504()
    {
        await using var world = await World.ConnectedAsync(stores, "--Upstream:ActivityTimeout=00:00:01");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Confluence) { Duration = TimeSpan.FromSeconds(20) });

        using var answer = await world.Gateway.App.GetAsync(Pages);

        await answer.ProblemAsync(HttpStatusCode.GatewayTimeout, "upstream-timeout");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_a_413_announced_or_not(bool announced)
    {
        await using var world = await World.ConnectedAsync(stores, "--Listen:MaxRequestBodyBytes=100000");
        using var request = new HttpRequestMessage(HttpMethod.Post, Pages) { Content = new ByteArrayContent(new byte[300_000]) };
        request.Headers.TransferEncodingChunked = !announced;
        request.Headers.ExpectContinue = announced;

        using var answer = await world.Gateway.App.SendAsync(request);

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task A_long_401_of_the_upstream_reaches_the_caller_whole()
    {
        await using var world = await World.ConnectedAsync(stores);
        var page = "<html>" + new string('x', 50_000) + "</html>";
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 401, Body = page, ContentType = "text/html" });

        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(page, await answer.Content.ReadAsStringAsync(), StringComparer.Ordinal);
    }
}
