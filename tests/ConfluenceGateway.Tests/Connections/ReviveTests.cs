using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>A mark is taken back only from the grant that was marked.</summary>
public sealed class ReviveTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);
    private static readonly DateTimeOffset Since = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory, EveryStore]
    public async Task It_is_active_again_told_and_looked_at(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var marked = await MarkAsync(world);
        await world.Gateway.Database().SortedSetRemoveAsync(world.Gateway.Services.GetRequiredService<ConfluenceGateway.Redis.RedisKeys>().Due, "demo");

        Assert.True(await ReviveAsync(world, marked.RefreshToken, Since));

        Assert.Null((await world.Gateway.StoredGrantAsync("demo")).Death);
        Assert.Equal(["connection.recovered", "connection.reauth_required", "connection.connected"], await world.Gateway.EventTypesAsync("demo"));
        Assert.NotNull(await world.Gateway.DueAsync("demo"));
        Assert.False(await ReviveAsync(world, marked.RefreshToken, Since));
    }

    [Theory, EveryStore]
    public async Task A_later_mark_of_the_same_token_stays(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var marked = await MarkAsync(world);

        Assert.False(await ReviveAsync(world, marked.RefreshToken, Since.AddSeconds(-1)));

        Assert.NotNull((await world.Gateway.StoredGrantAsync("demo")).Death);
    }

    [Theory, EveryStore]
    public async Task Another_token_is_not_touched(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await MarkAsync(world);

        Assert.False(await ReviveAsync(world, new Secret("another"), Since));

        Assert.NotNull((await world.Gateway.StoredGrantAsync("demo")).Death);
    }

    private static async Task<TokenPair> MarkAsync(World world)
    {
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.ReplaceAsync("demo");
        var pair = (await world.Gateway.StoredGrantAsync("demo")).Pair;
        Assert.True(await Of(world).MarkDeadAsync(Id, pair.RefreshToken, 1, new GrantDeath(ReauthReason.Revoked, "403", Since)));
        return pair;
    }

    private static Task<bool> ReviveAsync(World world, Secret refused, DateTimeOffset since) => Of(world).ReviveAsync(Id, refused, since, Since.AddMinutes(1));

    private static IGrantStore Of(World world) => world.Gateway.Services.GetRequiredService<IGrantStore>();
}
