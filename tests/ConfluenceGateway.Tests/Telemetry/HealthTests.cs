using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Telemetry;

/// <summary>What probes ask.</summary>
public sealed class HealthTests(Stores stores)
{
    [Fact]
    public async Task Alive_does_not_depend_on_the_store_and_ready_does()
    {
        await using var world = await World.StartAsync($"127.0.0.1:{Ports.Take()}");

        using var live = await world.Gateway.Management.GetAsync("/health/live");
        using var ready = await world.Gateway.Management.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    [Theory, EveryStore]
    public async Task Ready_names_its_checks(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));

        var health = await world.Gateway.Management.GetFromJsonAsync<JsonElement>("/health/ready");

        var checks = health.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => check.GetProperty("status").GetString());
        Assert.Equal("Healthy", checks["store"]);
        // The tests' shared Redis keeps nothing on disk, so its audit has something to tell.
        Assert.Contains("self-audit", checks);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task Probes_need_no_key_and_are_not_on_the_traffic_listener(string path)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var managed = await world.Gateway.Management.GetAsync(path);
        using var proxied = await world.Gateway.App.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, managed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, proxied.StatusCode);
    }
}
