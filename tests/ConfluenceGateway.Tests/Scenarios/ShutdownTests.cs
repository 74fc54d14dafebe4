using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>A gateway is asked to stop while it holds the only copy of a pair. These need a real Redis that can be stopped.</summary>
public sealed class ShutdownTests
{
    private const string Unsaved = "confluence_gateway_unsaved_rotations";

    [Fact]
    public async Task A_rotation_that_the_store_has_not_taken_yet_holds_shutdown_until_it_has()
    {
        RedisProcess.Require();
        using var directory = new TemporaryDirectory();
        var redis = await RedisProcess.StartAsync(directory: directory.Path);
        await using var world = await World.StartAsync(redis.ConnectionString);
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token)
        {
            Phase = FaultPhase.AfterSpend,
            Duration = TimeSpan.FromSeconds(2),
            Times = 1,
        });
        var waiting = world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");
        await Eventually.TrueAsync(async () => (await world.GrantAsync()).Exchanges == 1, "the token is spent");
        await redis.DisposeAsync();
        await Eventually.TrueAsync(async () => await world.Gateway.MetricAsync(Unsaved) == 1, "the store has not taken the pair");
        using var served = await waiting;

        var restarting = world.RestartAsync(0);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        Assert.False(restarting.IsCompleted);
        await using var back = await RedisProcess.StartAsync(redis.Port, directory.Path);
        var next = await restarting;

        await world.AssertNewestIsStoredAsync(next, "demo");
        Assert.Equal(2, (await next.StoredGrantAsync("demo")).Generation);
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }
}
