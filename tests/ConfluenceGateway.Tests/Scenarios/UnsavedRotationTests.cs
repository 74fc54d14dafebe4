using System.Net;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>The store goes away between an exchange and its commit. These need a real Redis that can be stopped.</summary>
public sealed class UnsavedRotationTests
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";
    private const string Unsaved = "confluence_gateway_unsaved_rotations";

    [Fact]
    public async Task A_rotation_that_the_store_does_not_take_is_served_shown_and_stored_when_the_store_is_back()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");
        using var directory = new TemporaryDirectory();
        var redis = await RedisProcess.StartAsync(directory: directory.Path);
        await using var world = await World.StartAsync(redis.ConnectionString);
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Phase = FaultPhase.AfterSpend, Duration = TimeSpan.FromSeconds(4), Times = 1 });

        var waiting = world.Gateway.App.GetAsync(Pages);
        await Eventually.TrueAsync(async () => (await world.GrantAsync()).Exchanges == 1, "the token is spent");
        await redis.DisposeAsync();
        using var served = await waiting;

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(1, await world.Gateway.MetricAsync(Unsaved));
        using var ready = await world.Gateway.Management.GetAsync("/health/ready");
        Assert.Contains("held in this process only", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await using var back = await RedisProcess.StartAsync(redis.Port, directory.Path);
        await Eventually.TrueAsync(async () => await world.Gateway.MetricAsync(Unsaved) == 0, "the store takes it");
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
        Assert.Equal(2, (await world.Gateway.StoredGrantAsync("demo")).Generation);
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
        using var later = await world.Gateway.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }
}
