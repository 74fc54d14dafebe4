using System.Net;
using System.Net.Http.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>What is remembered of a site is of one connection and this site, and not believed after a change.</summary>
public sealed class SiteMemoryTests(Stores stores)
{
    private const string Content = """{"id":"98305","title":"x","status":"current","spaceId":"5","version":{"number":1,"authorId":"a"}}""";

    [Theory]
    [InlineData("PUT", "wiki/rest/api/space/DEMO")]
    [InlineData("DELETE", "wiki/rest/api/space/DEMO")]
    [InlineData("POST", "wiki/rest/api/space/DEMO/settings")]
    [InlineData("PUT", "rest/api/space/DEMO")]
    public async Task A_space_that_was_changed_through_the_gateway_shows_what_it_is_now(string method, string path)
    {
        var name = "Before";
        await using var site = await ScriptedSite.StartAsync(stores, request => request.Operation switch
        {
            "GET /api/v2/spaces" => new SiteReply(200, """{"results":[{"id":"5","key":"DEMO","name":"NAME"}]}""".Replace("NAME", name, StringComparison.Ordinal)),
            "GET /api/v2/pages/98305" => new SiteReply(200, Content),
            _ => new SiteReply(200, "{}"),
        });
        Assert.Equal("Before", await NameAsync());
        name = "After";
        Assert.Equal("Before", await NameAsync());

        using var changed = await site.App.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/confluence/demo/" + path) { Content = JsonContent.Create(new { name }) });

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal("After", await NameAsync());

        async Task<string> NameAsync() => (await V1Reply.OfAsync(site.App, "demo", "GET", "content/98305?expand=space")).Json!["space"]!["name"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_connection_knows_nothing_of_what_another_has_seen_nor_of_the_site_that_it_had()
    {
        await using var world = await V1World.StartAsync(stores);
        await world.Gateway.ConnectAsync("other");
        // Spaces, people and positions; both sites hold the same.
        string[] calls = ["content?type=blogpost&limit=1&expand=space,version", "content?limit=5", "content?limit=5&start=5"];
        foreach (var call in calls)
        {
            await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", call);
        }

        var warm = await CostAsync("demo", World.AcmeCloudId);
        var other = await CostAsync("other", World.AcmeCloudId);
        await world.Atlassian.UpdateSettingsAsync(new() { AutoConsentSites = [World.GlobexCloudId] });
        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        await world.Gateway.ConnectAsync("demo", "https://globex.atlassian.net");
        var moved = await CostAsync("demo", World.GlobexCloudId);

        Assert.True(warm.Count < other.Count, $"{warm.Count} {other.Count}");
        Assert.Equal(other, moved);

        async Task<IReadOnlyList<string>> CostAsync(string connection, string cloudId)
        {
            await world.Atlassian.ClearRequestsAsync();
            foreach (var call in calls)
            {
                var reply = await V1Reply.OfAsync(world.Gateway.App, connection, "GET", call);
                Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
            }

            var asked = (await world.Atlassian.GetRequestsAsync()).Select(request => request.Target).ToArray();
            Assert.All(asked, target => Assert.StartsWith($"/ex/confluence/{cloudId}/wiki/", target, StringComparison.Ordinal));
            return [.. asked.Select(target => target.Split('?')[0].Replace(cloudId, "site", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Links_lead_to_the_gateway_where_a_forwarded_answers_would_and_to_the_site_otherwise(bool rewriteLinks)
    {
        await using var world = await World.ConnectedAsync(stores, $"--Compatibility:RewriteLinks={rewriteLinks}");
        foreach (var path in new[] { "content/98305?expand=space,version,children.page", "content?limit=3", "space/DEMO" })
        {
            await world.Atlassian.UpdateSettingsAsync(new() { RemovedV1 = AtlassianSimulator.RemovedV1.Served });
            using var off = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { compatibility = new { v1 = "off" } });
            var forwarded = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", path);
            using var always = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { compatibility = new { v1 = "always" } });
            var translated = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", path);

            var expected = rewriteLinks ? world.Gateway.App.BaseAddress!.AbsoluteUri + "confluence/demo/wiki" : "https://acme.atlassian.net/wiki";
            Assert.Equal(expected, translated.Json!["_links"]!["base"]!.GetValue<string>());
            Assert.Empty(JsonComparison.Of(forwarded.Json, translated.Json).Where(difference => difference.Path.Contains("_links", StringComparison.Ordinal) && !Differences.Allow(path, difference)).Select(difference => difference.ToString()));
        }
    }
}
