using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>Locks between replicas.</summary>
public sealed class RedisLocksTests(Stores stores)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    [Theory, EveryStore]
    public async Task One_replica_holds_a_lock_and_another_gets_it_once_it_is_free(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        var (first, second) = (LocksOf(world.Gateways[0]), LocksOf(world.Gateways[1]));

        await using (var held = await first.TryAcquireAsync("resource", Life))
        {
            Assert.NotNull(held);
            Assert.Null(await second.TryAcquireAsync("resource", Life));
            Assert.Null(await first.TryAcquireAsync("resource", Life));
        }

        await using var next = await second.TryAcquireAsync("resource", Life);
        Assert.NotNull(next);
    }

    [Theory, EveryStore]
    public async Task Locks_on_different_things_do_not_meet(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));

        await using var one = await LocksOf(world.Gateway).TryAcquireAsync("one", Life);
        await using var other = await LocksOf(world.Gateway).TryAcquireAsync("other", Life);

        Assert.NotNull(one);
        Assert.NotNull(other);
    }

    [Theory, EveryStore]
    public async Task Of_many_who_want_it_at_once_one_gets_it(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);

        var tries = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => LocksOf(world.Gateways[number % 2]).TryAcquireAsync("resource", Life)));

        await using var held = Assert.Single(tries, held => held is not null);
    }

    private static RedisLocks LocksOf(TestGateway gateway) => gateway.Services.GetRequiredService<RedisLocks>();
}
