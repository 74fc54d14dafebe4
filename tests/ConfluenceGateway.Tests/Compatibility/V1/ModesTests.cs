using System.Net;
using System.Net.Http.Json;
using System.Text;
using AtlassianSimulator;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>When an operation that Atlassian removed is forwarded, and when it is served by v2.</summary>
public sealed class ModesTests(Stores stores)
{
    private const string Read = "content/98305";

    [Fact]
    public async Task A_removed_operation_is_asked_for_once_and_then_served_by_v2_for_an_hour()
    {
        await using var world = await World.ConnectedAsync(stores);

        foreach (var asked in new[] { 1, 1, 1 })
        {
            var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", Read);
            Assert.Equal(HttpStatusCode.OK, reply.Status);
            Assert.Single(reply.Warnings);
            Assert.Equal(asked, await ForwardedAsync(world, Read));
        }

        await world.AdvanceAsync(TimeSpan.FromMinutes(59));
        await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", "content/98306");
        Assert.Equal(0, await ForwardedAsync(world, "content/98306"));
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", Read);
        Assert.Equal(2, await ForwardedAsync(world, Read));
    }

    [Fact]
    public async Task That_one_is_gone_says_nothing_of_other_operations_and_connections()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Gateway.ConnectAsync("other");
        await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", Read);

        await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", Read + "/property");
        await V1Reply.OfAsync(world.Gateway.App, "other", "GET", Read);

        Assert.Equal(1, await ForwardedAsync(world, Read + "/property"));
        Assert.Equal(2, await ForwardedAsync(world, Read));
    }

    [Fact]
    public async Task While_Atlassian_serves_it_the_answer_passes_byte_for_byte()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { RemovedV1 = RemovedV1.Served });
        using var off = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { compatibility = new { v1 = "off" } });
        var plain = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", Read);
        using var auto = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { compatibility = new { v1 = "auto" } });

        var reply = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", Read);

        Assert.Equal(plain.Text, reply.Text);
        Assert.Empty(reply.Warnings);
        Assert.Equal(2, await ForwardedAsync(world, Read));
        Assert.DoesNotContain(await world.Atlassian.GetRequestsAsync(), request => request.Target.Contains("/api/v2/pages", StringComparison.Ordinal));
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_v1_requests_total{operation=\"GET content/{id}\",served=\"v1\"}"));
    }

    [Fact]
    public async Task Always_never_asks_v1_and_off_passes_the_410()
    {
        await using var world = await World.ConnectedAsync(stores, "--Compatibility:V1=Always");
        var served = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", Read);
        Assert.Equal(0, await ForwardedAsync(world, Read));
        using var off = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { compatibility = new { v1 = "off" } });

        var passed = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", Read);

        Assert.Equal(HttpStatusCode.OK, served.Status);
        Assert.Equal(HttpStatusCode.Gone, passed.Status);
        Assert.Empty(passed.Warnings);
        Assert.Equal(1, await ForwardedAsync(world, Read));
    }

    [Fact]
    public async Task A_connections_own_choice_wins_and_is_shown()
    {
        await using var world = await World.ConnectedAsync(stores, "--Compatibility:V1=Off");
        await world.Gateway.ConnectAsync("other");
        using var chosen = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { compatibility = new { v1 = "always" } });

        Assert.Equal("always", (await world.Gateway.ShowAsync("demo")).GetProperty("compatibility").GetProperty("v1").GetString());
        Assert.Equal(HttpStatusCode.OK, (await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", Read)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await V1Reply.OfAsync(world.Gateway.App, "other", "GET", Read)).Status);
    }

    [Theory]
    [InlineData("\"sometimes\"")]
    [InlineData("7")]
    [InlineData("true")]
    public async Task A_choice_that_is_none_is_refused_by_the_name_of_its_field(string choice)
    {
        await using var world = await World.ConnectedAsync(stores);

        using var refused = await world.Gateway.Operator.PutAsync(
            "/api/v1/connections/demo", new StringContent($$$"""{"compatibility":{"v1":{{{choice}}}}}""", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("compatibility.v1", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "confluence/demo/wiki/rest/api/content/98305/history/0/macro/id/1")]
    [InlineData("PATCH", "confluence/demo/wiki/rest/api/content/98305")]
    [InlineData("GET", "jira/demo/rest/api/content/98305")]
    [InlineData("GET", "jira/demo/wiki/rest/api/content/98305")]
    [InlineData("GET", "confluence/demo/other/rest/api/content/98305")]
    [InlineData("GET", "confluence/demo/wiki/api/v2/rest/api/content/98305")]
    public async Task What_is_no_such_operation_is_forwarded_and_passes_even_as_410(string method, string path)
    {
        await using var site = await ScriptedSite.StartAsync(stores, _ => new SiteReply(410, "{\"gone\":true}"));

        using var answer = await site.App.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/" + path));

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Equal("{\"gone\":true}", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Warning"));
        Assert.Single(site.Asked);
    }

    [Fact]
    public async Task An_operation_whose_scope_the_consent_lacks_is_served_by_the_scope_of_v2()
    {
        await using var world = await World.ConnectedAsync(stores);

        var done = await V1Reply.OfAsync(world.Gateway.App, "demo", "PUT", "inlinetasks/98354", """{"status":"complete"}""");

        Assert.True(HttpStatusCode.OK == done.Status, done.Text);
        Assert.Contains((await world.Atlassian.GetRequestsAsync()), request => request.Status == 401);
        Assert.Equal(0, (await world.GrantAsync()).Exchanges);
    }

    private static async Task<int> ForwardedAsync(World world, string path) =>
        (await world.Atlassian.GetRequestsAsync()).Count(request => request.Target == $"/ex/confluence/{World.AcmeCloudId}/wiki/rest/api/{path}");
}
