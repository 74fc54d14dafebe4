using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>A store that lost writes gets them back from whoever still holds them.</summary>
public sealed class RestoreTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task A_generation_that_the_store_lost_is_written_back_by_a_replica_that_holds_it(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        var before = await GrantHashAsync(world);
        await world.Gateway.RefreshAsync("demo");
        await world.Gateway.RefreshAsync("demo");

        await SetGrantHashAsync(world, before);
        Assert.Equal(1, (await world.Gateway.StoredGrantAsync("demo")).Generation);
        var seen = await CacheOf(world).ReadAsync(Id);

        Assert.Equal(3, seen!.Grant!.Generation);
        Assert.Equal(3, (await world.Gateway.StoredGrantAsync("demo")).Generation);
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
    }

    [Theory, EveryStore]
    public async Task A_grant_that_the_store_lost_altogether_is_written_back(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        await CacheOf(world).ReadAsync(Id);

        await SetGrantHashAsync(world, []);
        await CacheOf(world).ReadAsync(Id);

        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
    }

    [Theory, EveryStore]
    public async Task What_is_written_back_is_still_an_import(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.Services.GetRequiredService<GrantStore>()
            .ReplaceAsync(Id, Pairs.Of("imported"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net", isImport: true);
        await CacheOf(world).ReadAsync(Id);

        await SetGrantHashAsync(world, []);
        await CacheOf(world).ReadAsync(Id);

        Assert.True((await world.Gateway.StoredGrantAsync("demo")).IsImported);
    }

    [Theory, EveryStore]
    public async Task A_later_consent_is_newer_than_any_generation_before_it(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        var before = await GrantHashAsync(world);
        await world.Gateway.RefreshAsync("demo");
        await world.Gateway.RefreshAsync("demo");

        await SetGrantHashAsync(world, before);
        await world.Gateway.Services.GetRequiredService<GrantStore>()
            .ReplaceAsync(Id, Pairs.Of("later"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");
        var seen = await CacheOf(world).ReadAsync(Id);

        Assert.Equal((2, "later"), (seen!.Grant!.Generation, seen.Grant.Pair.RefreshToken.Reveal()));
    }

    [Theory, EveryStore]
    public async Task A_grant_of_a_deleted_connection_does_not_come_back_under_its_id(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        await CacheOf(world).ReadAsync(Id);
        world.Clock.Advance(TimeSpan.FromSeconds(1));

        await world.Gateway.Services.GetRequiredService<ConnectionStore>().DeleteAsync(Id);
        await world.Gateway.CreateAsync("demo");
        var seen = await CacheOf(world).ReadAsync(Id);

        Assert.Null(seen!.Grant);
        Assert.Empty(await GrantHashAsync(world));
    }

    [Theory, EveryStore]
    public async Task Nothing_is_written_back_over_what_was_not_seen(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        var first = await world.Gateway.StoredGrantAsync("demo");
        await world.Gateway.RefreshAsync("demo");
        var held = (await world.Gateway.StoredGrantAsync("demo")) with { Generation = 9 };

        Assert.False(await world.Gateway.Services.GetRequiredService<GrantStore>().RestoreAsync(Id, held, first));

        Assert.Equal(2, (await world.Gateway.StoredGrantAsync("demo")).Generation);
    }

    private static ConnectionCache CacheOf(World world) => world.Gateway.Services.GetRequiredService<ConnectionCache>();

    private static IDatabase DatabaseOf(World world) => world.Gateway.Services.GetRequiredService<RedisConnection>().Database;

    private static RedisKey KeyOf(World world) => world.Gateway.Services.GetRequiredService<RedisKeys>().Grant("demo");

    private static Task<HashEntry[]> GrantHashAsync(World world) => DatabaseOf(world).HashGetAllAsync(KeyOf(world));

    private static async Task SetGrantHashAsync(World world, HashEntry[] entries)
    {
        await DatabaseOf(world).KeyDeleteAsync(KeyOf(world));
        if (entries.Length > 0)
        {
            await DatabaseOf(world).HashSetAsync(KeyOf(world), entries);
        }
    }
}
