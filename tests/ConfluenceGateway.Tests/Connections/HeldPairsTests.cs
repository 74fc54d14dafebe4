using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>Pairs that have no place yet.</summary>
public sealed class HeldPairsTests(Stores stores)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    [Theory, EveryStore]
    public async Task A_held_pair_comes_back_whole(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var pair = Pairs.Of("refresh");
        await HeldOf(world).HoldAsync(KeysOf(world).Choice("one"), new HeldPair(pair, ["read:page", "offline_access"], "context"), Life);

        var found = (await HeldOf(world).FindAsync(KeysOf(world).Choice("one")))!;

        Assert.Equal(("access of refresh", "refresh"), (found.Pair.AccessToken.Reveal(), found.Pair.RefreshToken.Reveal()));
        Assert.Equal((pair.ObtainedAt, pair.ExpiresAt), (found.Pair.ObtainedAt, found.Pair.ExpiresAt));
        Assert.Equal(["read:page", "offline_access"], found.Scopes);
        Assert.Equal("context", found.Context);
    }

    [Theory, EveryStore]
    public async Task A_released_pair_is_gone(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await HoldAsync(world, "one");

        Assert.True(await HeldOf(world).ReleaseAsync(KeysOf(world).Choice("one")));

        Assert.Null(await HeldOf(world).FindAsync(KeysOf(world).Choice("one")));
    }

    [Theory, EveryStore]
    public async Task Redis_lets_go_of_it_at_the_end_of_its_life(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await HoldAsync(world, "one");

        var left = await DatabaseOf(world).KeyTimeToLiveAsync(KeysOf(world).Choice("one"));

        Assert.InRange(left!.Value, Life - TimeSpan.FromMinutes(1), Life);
    }

    [Theory, EveryStore]
    public async Task It_lies_in_the_store_encrypted(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await HoldAsync(world, "one");

        var stored = (await DatabaseOf(world).StringGetAsync(KeysOf(world).Choice("one"))).ToString();

        Assert.Contains("context", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh", stored, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, EveryStore]
    public async Task Copied_to_another_key_it_cannot_be_read(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await HoldAsync(world, "one");
        await DatabaseOf(world).StringSetAsync(KeysOf(world).Choice("two"), await DatabaseOf(world).StringGetAsync(KeysOf(world).Choice("one")));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => HeldOf(world).FindAsync(KeysOf(world).Choice("two")));
    }

    private static Task<bool> HoldAsync(World world, string name) =>
        HeldOf(world).HoldAsync(KeysOf(world).Choice(name), new HeldPair(Pairs.Of("refresh"), [], "context"), Life);

    private static HeldPairs HeldOf(World world) => world.Gateway.Services.GetRequiredService<HeldPairs>();

    private static RedisKeys KeysOf(World world) => world.Gateway.Services.GetRequiredService<RedisKeys>();

    private static StackExchange.Redis.IDatabase DatabaseOf(World world) => world.Gateway.Services.GetRequiredService<RedisConnection>().Database;
}
