using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>What a replica remembers, for how long, and what makes it look again.</summary>
public sealed class ConnectionCacheTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task A_fresh_entry_needs_no_look_at_the_store(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        await CacheOf(world.Gateway).ReadAsync(Id);
        await RenameWithoutNoticeAsync(world.Gateway, "Renamed");

        world.Clock.Advance(ConnectionCache.Freshness - TimeSpan.FromSeconds(15));

        Assert.Equal("demo", await NameAsync(world.Gateway));
    }

    [Theory, EveryStore]
    public async Task A_lost_notice_makes_it_act_on_something_old_for_no_longer_than_its_freshness(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        await CacheOf(world.Gateway).ReadAsync(Id);
        await RenameWithoutNoticeAsync(world.Gateway, "Renamed");

        world.Clock.Advance(ConnectionCache.Freshness);

        Assert.Equal("Renamed", await NameAsync(world.Gateway));
    }

    [Theory, EveryStore]
    public async Task A_change_in_another_replica_is_seen_by_its_notice(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.CreateAsync("demo");
        await CacheOf(world.Gateways[1]).ReadAsync(Id);

        await world.Gateway.Services.GetRequiredService<ConnectionStore>().WriteAsync(Id, "Renamed", null, null, world.Clock.GetUtcNow());

        // Bounded by Freshness otherwise, which the clock does not reach here: the patience below is shorter.
        await Eventually.TrueAsync(async () => await NameAsync(world.Gateways[1]) == "Renamed", "the notice arrives").WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Theory, EveryStore]
    public async Task An_unknown_id_is_remembered_as_unknown(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        Assert.Null(await CacheOf(world.Gateway).GetAsync(Id));
        await DatabaseOf(world.Gateway).HashSetAsync(KeysOf(world.Gateway).Connection("demo"), [new HashEntry("created_at", 1_700_000_000_000)]);

        Assert.Null(await CacheOf(world.Gateway).GetAsync(Id));

        world.Clock.Advance(ConnectionCache.Freshness);
        Assert.NotNull(await CacheOf(world.Gateway).GetAsync(Id));
    }

    [Theory, EveryStore]
    public async Task An_unknown_id_appears_once_it_is_made(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        Assert.Null(await CacheOf(world.Gateways[1]).GetAsync(Id));

        await world.Gateway.CreateAsync("demo");

        await Eventually.TrueAsync(async () => await CacheOf(world.Gateways[1]).GetAsync(Id) is not null, "the notice arrives").WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task While_the_store_is_down_an_old_entry_serves_and_an_unknown_one_fails()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");
        var redis = await RedisProcess.StartAsync();
        await using var world = await World.StartAsync(redis.ConnectionString);
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.CreateAsync("pending");
        await world.Gateway.ReplaceAsync("demo");
        await CacheOf(world.Gateway).ReadAsync(Id);
        await CacheOf(world.Gateway).ReadAsync(ConnectionId.Parse("pending", null));

        await redis.DisposeAsync();
        await Eventually.TrueAsync(() => !world.Gateway.Services.GetRequiredService<RedisConnection>().IsConnected, "the loss is noticed");
        world.Clock.Advance(ConnectionCache.Freshness * 10);

        Assert.Equal("demo", await NameAsync(world.Gateway));
        Assert.Contains(world.Gateway.Log.Lines, line => line.Contains("demo is served as it was last seen", StringComparison.Ordinal));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await CacheOf(world.Gateway).GetAsync(ConnectionId.Parse("other", null)));
        // It may have been connected since.
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await CacheOf(world.Gateway).GetAsync(ConnectionId.Parse("pending", null)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => CacheOf(world.Gateway).ReadAsync(Id));
    }

    [Theory, EveryStore]
    public async Task What_a_person_changes_here_is_known_here_before_any_notice_comes(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        var connections = world.Gateway.Services.GetRequiredService<ConnectionStore>();
        for (var turn = 0; turn < 50; turn++)
        {
            var paused = turn % 2 == 0;
            await CacheOf(world.Gateway).ReadAsync(Id);

            await connections.SetPausedAsync(Id, paused);

            Assert.Equal(paused, (await CacheOf(world.Gateway).GetAsync(Id))!.Connection.Paused);
        }
    }

    private static ConnectionCache CacheOf(TestGateway gateway) => gateway.Services.GetRequiredService<ConnectionCache>();

    private static RedisKeys KeysOf(TestGateway gateway) => gateway.Services.GetRequiredService<RedisKeys>();

    private static IDatabase DatabaseOf(TestGateway gateway) => gateway.Services.GetRequiredService<RedisConnection>().Database;

    private static async Task<string> NameAsync(TestGateway gateway) => (await CacheOf(gateway).GetAsync(Id))!.Connection.DisplayName;

    private static Task<bool> RenameWithoutNoticeAsync(TestGateway gateway, string name) =>
        DatabaseOf(gateway).HashSetAsync(KeysOf(gateway).Connection("demo"), "display_name", name);
}
