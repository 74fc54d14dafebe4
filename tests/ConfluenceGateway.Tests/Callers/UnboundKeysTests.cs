using System.Net;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Callers;

/// <summary>A key is for a connection and not for whatever has its name later.</summary>
public sealed class UnboundKeysTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Theory, EveryStore]
    public async Task A_key_of_a_deleted_connection_does_not_open_one_that_is_made_again(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        await world.Gateway.CreateAsync("other");
        var alone = await world.Gateway.MakeKeyAsync(["demo"]);
        var both = await world.Gateway.MakeKeyAsync(["demo", "other"]);
        var every = await world.Gateway.MakeKeyAsync(["*"]);
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(both.Key, Pages));

        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        await Eventually.TrueAsync(async () => (await ListedAsync(world, "demo")).Count == 1, "the keys let go of the connection");
        await world.Gateway.ConnectAsync("demo");
        var made = await world.Gateway.MakeKeyAsync(["demo"]);

        Assert.Equal(HttpStatusCode.Unauthorized, await world.Gateway.StatusAsync(alone.Key, Pages));
        Assert.Equal(HttpStatusCode.Forbidden, await world.Gateway.StatusAsync(both.Key, Pages));
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(every.Key, Pages));
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));
        Assert.Equal(2, (await ListedAsync(world, "other")).Count);
    }

    [Fact]
    public async Task A_deletion_that_is_told_late_takes_no_key_that_was_made_since()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        var told = ConnectionEvents.Read(world.Gateway.Services.GetRequiredService<ConnectionEvents>().Entry(ConnectionEvents.Deleted, world.Clock.GetUtcNow()));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var made = await world.Gateway.MakeKeyAsync(["demo"]);

        await world.Gateway.Services.GetRequiredService<CallerKeys>().ConsumeAsync("demo", told);

        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));
    }

    private static async Task<IReadOnlyList<CallerKey>> ListedAsync(World world, string connection) =>
        (await world.Gateway.Services.GetRequiredService<CallerKeys>().ListAsync(ConnectionId.Parse(connection, null), null, 50)).Items;
}
