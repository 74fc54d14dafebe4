using System.Net;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Telemetry;

/// <summary>What Prometheus reads.</summary>
public sealed class GatewayMetricsTests(Stores stores)
{
    [Theory]
    [InlineData("requests_total", "counter")]
    [InlineData("request_duration_seconds", "histogram")]
    [InlineData("overhead_seconds", "histogram")]
    [InlineData("token_refreshes_total", "counter")]
    [InlineData("token_refresh_duration_seconds", "histogram")]
    [InlineData("refresh_lock_wait_seconds", "histogram")]
    [InlineData("refresh_locks_lost_total", "counter")]
    [InlineData("commit_conflicts_total", "counter")]
    [InlineData("reauth_required_total", "counter")]
    [InlineData("earliest_inactivity_expiry_timestamp_seconds", "gauge")]
    [InlineData("earliest_consent_expiry_timestamp_seconds", "gauge")]
    [InlineData("upstream_rejections_total", "counter")]
    [InlineData("upstream_throttled_total", "counter")]
    [InlineData("upstream_quota_remaining", "gauge")]
    [InlineData("fair_share_refusals_total", "counter")]
    [InlineData("replays_total", "counter")]
    [InlineData("webhook_deliveries_total", "counter")]
    [InlineData("configuration_circuit_open", "gauge")]
    [InlineData("store_up", "gauge")]
    [InlineData("self_check", "gauge")]
    [InlineData("build_info", "gauge")]
    public async Task The_family_is_exposed(string name, string type)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        var exposition = await world.Gateway.Management.GetStringAsync("/metrics");

        Assert.Contains($"# TYPE confluence_gateway_{name} {type}\n", exposition, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_store_and_the_version_are_told()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_store_up"));
        Assert.Equal(1, await world.Gateway.MetricAsync($"confluence_gateway_build_info{{version=\"{GatewayMetrics.Version}\"}}"));
    }

    [Fact]
    public async Task Two_gateways_in_one_process_do_not_count_into_each_other()
    {
        const string Served = "confluence_gateway_requests_total{product=\"confluence\",code=\"200\"}";
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), gateways: 2);
        await world.Gateway.ConnectAsync("demo");

        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.TrueAsync(async () => await world.Gateways[0].MetricAsync(Served) == 1, "the request is counted");
        Assert.Equal(0, await world.Gateways[1].MetricAsync(Served));
    }

    [Fact]
    public async Task No_connection_is_named_in_a_label()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("a-name-of-this-test");
        using var answer = await world.Gateway.App.GetAsync("/confluence/a-name-of-this-test/wiki/api/v2/pages?limit=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        Assert.DoesNotContain("a-name-of-this-test", await world.Gateway.Management.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }
}
