using System.Net;
using System.Text;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>v2 answers something that is not what it documents, or nothing.</summary>
public sealed class OddAnswersTests(Stores stores)
{
    private const string Read = "/confluence/demo/wiki/rest/api/content/98305?expand=body.storage";

    [Theory]
    [InlineData("<html><body>Log in</body></html>", "text/html")]
    [InlineData("{\"id\":", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("", "application/json")]
    [InlineData("{\"id\":\"1\",\"id\":\"2\"}", "application/json")]
    public async Task What_is_no_object_is_a_bad_gateway(string body, string contentType)
    {
        await using var site = await ScriptedSite.StartAsync(stores, _ => new SiteReply(200, body, contentType));

        using var read = await site.App.GetAsync(Read);
        using var made = await site.App.PostAsync("/confluence/demo/wiki/rest/api/content/98305/property", Json("""{"key":"colour","value":"blue"}"""));

        await read.ProblemAsync(HttpStatusCode.BadGateway, "upstream-unreachable");
        await made.ProblemAsync(HttpStatusCode.BadGateway, "upstream-unreachable");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"id\":98305,\"title\":{},\"version\":[],\"_links\":\"none\",\"spaceId\":[],\"body\":7,\"status\":null}")]
    [InlineData("{\"results\":{},\"_links\":{\"next\":7}}")]
    [InlineData("{\"results\":[null,1,\"x\",[],{}],\"_links\":{\"next\":\"/wiki/api/v2/pages?cursor=\"}}")]
    public async Task An_object_that_lacks_what_it_should_have_breaks_nothing(string body)
    {
        await using var site = await ScriptedSite.StartAsync(stores, _ => new SiteReply(200, body));

        foreach (var path in new[]
        {
            "content/98305?expand=body.storage,version,space,ancestors,history.lastUpdated,container,children.page,children.comment,children.attachment,metadata.labels,metadata.properties,operations,childTypes.all",
            "content", "content?spaceKey=DEMO&expand=version,space", "content/98305/child/page", "content/98305/child/comment", "content/98305/history", "content/98305/version", "content/98305/version/1", "content/98305/label",
            "content/98305/property", "content/98305/property/editor", "space", "space/DEMO?expand=description.plain,homepage,icon,history,operations,metadata.labels", "space/DEMO/content", "space/DEMO/property", "inlinetasks/search", "inlinetasks/1",
        })
        {
            using var answer = await site.App.GetAsync("/confluence/demo/wiki/rest/api/" + path);
            Assert.True((int)answer.StatusCode is 200 or 404 or 502, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.DoesNotContain(site.Gateway.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(418)]
    public async Task What_the_site_fails_with_passes_as_it_came(int status)
    {
        await using var site = await ScriptedSite.StartAsync(stores, _ => new SiteReply(status, "<h1>Oops</h1>", "text/html; charset=utf-8", "Retry-After: 30", "Atl-TraceId: 0123", "Set-Cookie: session=theirs"));

        using var answer = await site.App.GetAsync(Read);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("<h1>Oops</h1>", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("30", answer.Headers.NonValidated["Retry-After"].ToString());
        Assert.Equal("0123", answer.Headers.NonValidated["Atl-TraceId"].ToString());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_redirect_is_not_passed_on_and_not_followed()
    {
        await using var site = await ScriptedSite.StartAsync(stores, _ => new SiteReply(302, "", "text/html", "Location: https://evil.example.com/"));

        using var answer = await site.App.GetAsync(Read);

        await answer.ProblemAsync(HttpStatusCode.BadGateway, "upstream-unreachable");
        Assert.False(answer.Headers.Contains("Location"));
        Assert.Single(site.Asked);
    }

    [Fact]
    public async Task A_site_that_cannot_be_reached_is_a_bad_gateway()
    {
        await using var world = await V1World.StartAsync(stores);
        await world.Atlassian.AddFaultAsync(new(AtlassianSimulator.Faults.FaultKind.DropBeforeSpend, AtlassianSimulator.Faults.FaultEndpoint.Confluence));

        using var answer = await world.Gateway.App.GetAsync(Read);

        await answer.ProblemAsync(HttpStatusCode.BadGateway, "upstream-unreachable");
    }

    [Fact]
    public async Task A_site_that_does_not_answer_in_time_is_a_gateway_timeout_and_nothing_is_asked_after_it()
    {
        await using var site = await ScriptedSite.StartAsync(stores, _ => null, "--Upstream:ActivityTimeout=00:00:01");

        using var answer = await site.App.GetAsync(Read);

        await answer.ProblemAsync(HttpStatusCode.GatewayTimeout, "upstream-timeout");
        Assert.Single(site.Asked);
    }

    [Fact]
    public async Task When_the_caller_hangs_up_the_calls_end_and_nobody_is_alarmed()
    {
        await using var site = await ScriptedSite.StartAsync(stores, request => request.Operation == "GET /api/v2/pages"
            ? new SiteReply(200, """{"results":[""" + string.Join(',', Enumerable.Range(1, 20).Select(id => $$"""{"id":"{{id}}","status":"current","spaceId":"5"}""")) + "]}")
            : request.Operation == "GET /api/v2/spaces" ? new SiteReply(200, """{"results":[]}""") : null);
        var logged = site.Gateway.Log.Lines.Count;
        using var hangingUp = new CancellationTokenSource();

        var call = site.App.GetAsync("/confluence/demo/wiki/rest/api/content?expand=body.view", hangingUp.Token);
        await Eventually.TrueAsync(() => site.Asked.Count(request => request.Target.Contains("body-format=view", StringComparison.Ordinal)) == 8, "eight calls are under way");
        await hangingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await Eventually.TrueAsync(() => site.Abandoned == 8, "all of them were given up");
        await Eventually.TrueAsync(async () => await site.Gateway.MetricAsync("confluence_gateway_requests_total{product=\"confluence\",code=\"499\"}") == 1, "the call is counted");
        Assert.Equal(10, site.Asked.Count);
        Assert.DoesNotContain(site.Gateway.Log.Lines.Skip(logged), line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_caller_hangs_up_within_the_body_nobody_is_alarmed()
    {
        await using var site = await ScriptedSite.StartAsync(stores, _ => new SiteReply(200, "{}"));
        var logged = site.Gateway.Log.Lines.Count;
        await using (var connection = await RawConnection.OpenAsync(site.App.BaseAddress!))
        {
            await connection.WriteAsync("POST /confluence/demo/wiki/rest/api/content HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"type\":\"page\""u8.ToArray());
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        // Which of the two is noticed first, the end of the connection or that of the body, is left to chance.
        await Eventually.TrueAsync(async () => await EndedAsync("499") + await EndedAsync("400") == 1, "the call has ended");
        Assert.Empty(site.Asked);
        Assert.DoesNotContain(site.Gateway.Log.Lines.Skip(logged), line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));

        Task<double> EndedAsync(string code) => site.Gateway.MetricAsync($"confluence_gateway_requests_total{{product=\"confluence\",code=\"{code}\"}}");
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
