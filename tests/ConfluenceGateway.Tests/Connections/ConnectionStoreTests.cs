using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>What people edit of a connection, and the list of them.</summary>
public sealed class ConnectionStoreTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    [Theory, EveryStore]
    public async Task A_partial_write_keeps_the_rest(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var connections = ConnectionsOf(world);

        Assert.Equal(WriteOutcome.Made, await connections.WriteAsync(Id, "Demo", "https://acme.atlassian.net", World.AcmeCloudId, Now));
        Assert.Equal(WriteOutcome.Changed, await connections.WriteAsync(Id, "Renamed", null, null, Now.AddDays(1)));

        Assert.Equal(
            new Connection(Id, "Renamed", "https://acme.atlassian.net", World.AcmeCloudId, Paused: false, Now) { Revision = 2 },
            (await connections.ReadAsync(Id))!.Connection);
    }

    [Theory, EveryStore]
    public async Task Without_a_name_of_its_own_it_is_called_by_its_id(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var connections = ConnectionsOf(world);

        await connections.WriteAsync(Id, null, null, null, Now);

        Assert.Equal(new Connection(Id, "demo", null, null, Paused: false, Now) { Revision = 1 }, (await connections.ReadAsync(Id))!.Connection);
    }

    [Theory, EveryStore]
    public async Task An_edit_leaves_the_grant_alone(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var connections = ConnectionsOf(world);
        await ConsentAsync(world);

        await connections.WriteAsync(Id, "Renamed", null, null, Now);

        var grant = (await connections.ReadAsync(Id))!.Grant!;
        Assert.Equal((1, "refresh"), (grant.Generation, grant.Pair.RefreshToken.Reveal()));
    }

    [Theory, EveryStore]
    public async Task Pages_follow_in_order_to_the_end(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var connections = ConnectionsOf(world);
        string[] ids = ["a", "a-1", "a1", "b", "z-9", "0", "10", "2"];
        foreach (var id in ids.Reverse())
        {
            await connections.WriteAsync(ConnectionId.Parse(id, null), null, null, null, Now);
        }

        var listed = new List<string>();
        for (string? after = null; ;)
        {
            var page = await connections.ListAsync(after, 3);
            if (page.Count == 0)
            {
                break;
            }

            Assert.InRange(page.Count, 1, 3);
            listed.AddRange(page.Select(id => id.Value));
            after = listed[^1];
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), listed);
    }

    [Theory, EveryStore]
    public async Task A_cursor_that_was_deleted_meanwhile_still_leads_on(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var connections = ConnectionsOf(world);
        foreach (var id in new[] { "a", "b", "c" })
        {
            await connections.WriteAsync(ConnectionId.Parse(id, null), null, null, null, Now);
        }

        await connections.DeleteAsync(ConnectionId.Parse("b", null));

        Assert.Equal(["c"], (await connections.ListAsync("b", 10)).Select(id => id.Value));
    }

    [Theory, EveryStore]
    public async Task It_is_paused_until_it_is_resumed(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var connections = ConnectionsOf(world);
        await ConsentAsync(world);

        Assert.True(await connections.SetPausedAsync(Id, true));
        Assert.Equal(ConnectionState.Paused, (await connections.ReadAsync(Id))!.State);
        Assert.True(await connections.SetPausedAsync(Id, false));
        Assert.Equal(ConnectionState.Active, (await connections.ReadAsync(Id))!.State);
    }

    [Theory, EveryStore]
    public async Task Pausing_what_is_not_there_makes_nothing(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));

        Assert.False(await ConnectionsOf(world).SetPausedAsync(Id, true));

        Assert.Null(await ConnectionsOf(world).ReadAsync(Id));
    }

    [Theory, EveryStore]
    public async Task A_deletion_erases_both_records_and_the_entry_in_the_list(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await ConsentAsync(world);
        var keys = world.Gateway.Services.GetRequiredService<RedisKeys>();
        var redis = world.Gateway.Services.GetRequiredService<RedisConnection>().Database;
        Assert.Equal(2, await redis.KeyExistsAsync([keys.Connection("demo"), keys.Grant("demo")]));

        Assert.Equal(DeleteOutcome.Deleted, await ConnectionsOf(world).DeleteAsync(Id));

        Assert.Equal(0, await redis.KeyExistsAsync([keys.Connection("demo"), keys.Grant("demo")]));
        Assert.Empty(await ConnectionsOf(world).ListAsync(null, 10));
        Assert.Equal(DeleteOutcome.Unknown, await ConnectionsOf(world).DeleteAsync(Id));
    }

    private static ConnectionStore ConnectionsOf(World world) => world.Gateway.Services.GetRequiredService<ConnectionStore>();

    private static async Task ConsentAsync(World world)
    {
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.Services.GetRequiredService<GrantStore>()
            .ReplaceAsync(Id, Pairs.Of("refresh"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");
    }
}
