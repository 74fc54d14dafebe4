using System.Net;
using System.Text.Json;
using ConfluenceGateway.Deployment.Image;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Compose;

/// <summary>What docker-compose.yml starts does its work.</summary>
public sealed class TopologyTests(PublishedGateway published)
{
    [Fact]
    public async Task An_app_is_served_by_both_gateways_Prometheus_sees_them_and_one_may_stop()
    {
        await using var topology = await Topology.StartAsync(published);
        // A second run finds it connected, as a second `docker compose up` does.
        await topology.ConnectAsync();
        await topology.ConnectAsync();

        await AssertServedAsync(topology, times: 20);
        foreach (var gateway in new[] { "gateway-1:8081", "gateway-2:8081" })
        {
            Assert.Contains("confluence_gateway_requests_total{product=\"confluence\",code=\"200\"}", await topology.Client.GetStringAsync(topology.Url(gateway) + "/metrics"), StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(
            async () => (await topology.AskPrometheusAsync("targets?state=active")).GetProperty("activeTargets").EnumerateArray().Count(target => target.GetProperty("health").GetString() == "up") == 2,
            "both gateways are scraped", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(
            async () => await RulesAsync(topology) is { Count: > 0 } rules && rules.All(rule => rule.GetProperty("health").GetString() == "ok"), "every rule was evaluated", TimeSpan.FromMinutes(2));

        await topology.StopAsync("gateway-1");
        await AssertServedAsync(topology, times: 20);
    }

    private static async Task AssertServedAsync(Topology topology, int times)
    {
        for (var time = 0; time < times; time++)
        {
            // The README's and the file's own request.
            using var answer = await topology.Client.GetAsync(topology.Url("balancer:8080") + "/confluence/demo/wiki/api/v2/pages?limit=3");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task<IReadOnlyList<JsonElement>> RulesAsync(Topology topology) =>
        [.. (await topology.AskPrometheusAsync("rules")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];
}
