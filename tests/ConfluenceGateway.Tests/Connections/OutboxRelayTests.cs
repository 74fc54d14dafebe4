using ConfluenceGateway.Audit;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>Events reach their consumers, whatever happens to who told them.</summary>
public sealed class OutboxRelayTests(Stores stores)
{
    private static readonly AuditFilter All = new(null, null, null, null, null);

    [Theory, EveryStore]
    public async Task Each_transition_is_told_once_by_three_replicas_and_in_order(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 3);
        await world.Gateway.ConnectAsync("demo");
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        await Task.WhenAll(world.Gateways.Select(gateway => gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null)));
        await Task.WhenAll(world.Gateways.Select(gateway => gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null)));
        await Task.WhenAll(world.Gateways.Select(gateway => gateway.Operator.PostAsync("/api/v1/connections/demo/resume", null)));
        using var deleted = await world.Gateways[1].Operator.DeleteAsync("/api/v1/connections/demo");

        string[] expected = ["connection.connected", "connection.reauth_required", "connection.paused", "connection.resumed", "connection.deleted"];
        await Eventually.TrueAsync(async () => (await ToldAsync(world)).Length >= expected.Length, "all transitions are told");

        Assert.Equal(expected, await ToldAsync(world));
        // An event leaves the outbox after the last consumer took it.
        await Eventually.TrueAsync(async () => await OutboxLengthAsync(world) == 0, "the outbox is empty");
    }

    [Theory, EveryStore]
    public async Task What_a_vanished_replica_told_is_relayed_by_the_next_look(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        await Eventually.TrueAsync(async () => (await ToldAsync(world)).Length == 1, "the connection is told of");
        await LeaveAsync(world, ConnectionEvents.Paused);
        await LeaveAsync(world, ConnectionEvents.Resumed);

        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        await world.Gateway.Services.GetRequiredService<KeepAlive>().TickAsync(CancellationToken.None);

        Assert.Equal(["connection.connected", "connection.paused", "connection.resumed"], await ToldAsync(world));
        Assert.Equal(0, await OutboxLengthAsync(world));
    }

    [Theory, EveryStore]
    public async Task Relays_at_the_same_time_tell_each_event_once(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 3);
        await world.Gateway.CreateAsync("demo");
        for (var round = 0; round < 20; round++)
        {
            await LeaveAsync(world, round % 2 == 0 ? ConnectionEvents.Paused : ConnectionEvents.Resumed);
        }

        await Task.WhenAll(world.Gateways.Select(gateway => gateway.Services.GetRequiredService<OutboxRelay>().TryDrainAsync("demo")));

        Assert.Equal(20, (await ToldAsync(world)).Length);
        Assert.Equal(0, await OutboxLengthAsync(world));
    }

    private static async Task LeaveAsync(World world, string type)
    {
        var services = world.Gateway.Services;
        await services.GetRequiredService<RedisConnection>().Database.ListRightPushAsync(
            services.GetRequiredService<RedisKeys>().Outbox("demo"), services.GetRequiredService<ConnectionEvents>().Entry(type, world.Clock.GetUtcNow()));
    }

    private static Task<long> OutboxLengthAsync(World world) =>
        world.Gateway.Services.GetRequiredService<RedisConnection>().Database.ListLengthAsync(world.Gateway.Services.GetRequiredService<RedisKeys>().Outbox("demo"));

    private static async Task<string[]> ToldAsync(World world)
    {
        var page = await world.Gateway.Services.GetRequiredService<AuditTrail>().PageAsync(All with { Actor = AuditEntry.Gateway }, null, 200, CancellationToken.None);
        return [.. page.Items.Reverse().Select(entry => entry.Action)];
    }
}
