using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>A key ring that is lost, or made anew, is told while a backup may still be at hand.</summary>
public sealed class KeyRingCheckTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task A_ring_that_is_deleted_under_a_running_replica_fails_and_passes_once_it_is_restored(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        Assert.True((await CheckAsync(world.Gateway)).Passed);
        var ring = await DatabaseOf(world.Gateway).ListRangeAsync(KeysOf(world.Gateway).KeyRing);

        await DatabaseOf(world.Gateway).KeyDeleteAsync(KeysOf(world.Gateway).KeyRing);

        var lost = await CheckAsync(world.Gateway);
        Assert.False(lost.Passed);
        Assert.Contains("Restore the ring from a backup", lost.Detail, StringComparison.Ordinal);
        await DatabaseOf(world.Gateway).ListRightPushAsync(KeysOf(world.Gateway).KeyRing, ring);
        Assert.True((await CheckAsync(world.Gateway)).Passed);
    }

    [Theory, EveryStore]
    public async Task A_replica_that_runs_makes_no_ring_in_the_place_of_a_lost_one_and_goes_on_with_what_it_holds(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        var ring = world.Gateway.Services.GetRequiredService<KeyRing>();
        var encrypted = ring.Protector("test").Protect([7]);
        var lost = await DatabaseOf(world.Gateway).ListRangeAsync(KeysOf(world.Gateway).KeyRing);
        await DatabaseOf(world.Gateway).KeyDeleteAsync(KeysOf(world.Gateway).KeyRing);

        for (var looks = 0; looks < 5; looks++)
        {
            ring.Reload();
            Assert.Equal(encrypted[..20], ring.Protector("test").Protect([7])[..20]);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        Assert.Equal(0, await DatabaseOf(world.Gateway).ListLengthAsync(KeysOf(world.Gateway).KeyRing));
        Assert.Equal([7], ring.Protector("test").Unprotect(encrypted));
        await world.Gateway.RefreshAsync("demo");
        await DatabaseOf(world.Gateway).ListRightPushAsync(KeysOf(world.Gateway).KeyRing, lost);
        Assert.True((await CheckAsync(world.Gateway)).Passed);
    }

    [Theory, EveryStore]
    public async Task A_ring_made_anew_beside_the_canary_of_the_lost_one_fails(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        Assert.True((await CheckAsync(world.Gateway)).Passed);
        await DatabaseOf(world.Gateway).KeyDeleteAsync(KeysOf(world.Gateway).KeyRing);

        var restarted = await world.RestartAsync(0);

        var lost = await CheckAsync(restarted);
        Assert.False(lost.Passed);
        Assert.Matches("cannot read what was encrypted here before.*Restore .*keyring from a backup", lost.Detail);
        Assert.Equal(1, await DatabaseOf(restarted).ListLengthAsync(KeysOf(restarted).KeyRing));
    }

    [Theory, EveryStore]
    public async Task A_ring_that_another_replica_made_anew_fails_at_the_one_that_still_has_the_lost_one(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        Assert.True((await CheckAsync(world.Gateway)).Passed);
        await DatabaseOf(world.Gateway).KeyDeleteAsync(KeysOf(world.Gateway).KeyRing);

        await world.AddGatewayAsync();

        Assert.False((await CheckAsync(world.Gateways[0])).Passed);
        Assert.False((await CheckAsync(world.Gateways[1])).Passed);
    }

    [Theory, EveryStore]
    public async Task A_second_replica_reads_the_canary_of_the_first_and_leaves_it(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        Assert.True((await CheckAsync(world.Gateway)).Passed);
        var canary = await DatabaseOf(world.Gateway).StringGetAsync(KeysOf(world.Gateway).Canary);

        var second = await world.AddGatewayAsync();

        Assert.True((await CheckAsync(second)).Passed);
        Assert.False(canary.IsNull);
        Assert.Equal(canary, await DatabaseOf(second).StringGetAsync(KeysOf(second).Canary));
    }

    [Fact]
    public async Task It_runs_again_when_the_connection_is_restored()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");
        const string Series = "confluence_gateway_self_check{check=\"key_ring\"}";
        await using var redis = await RedisProcess.StartAsync();
        await using var world = await World.StartAsync(redis.ConnectionString);
        await Eventually.TrueAsync(async () => await world.Gateway.MetricAsync(Series) == 1, "the store was audited");
        await DatabaseOf(world.Gateway).KeyDeleteAsync(KeysOf(world.Gateway).KeyRing);

        await redis.CutConnectionsAsync();

        await Eventually.TrueAsync(async () => await world.Gateway.MetricAsync(Series) == 0, "the loss is seen long before five minutes are over");
    }

    private static Task<SelfCheck> CheckAsync(TestGateway gateway) => gateway.Services.GetRequiredService<KeyRingCheck>().RunAsync();

    private static IDatabase DatabaseOf(TestGateway gateway) => gateway.Services.GetRequiredService<RedisConnection>().Database;

    private static RedisKeys KeysOf(TestGateway gateway) => gateway.Services.GetRequiredService<RedisKeys>();
}
