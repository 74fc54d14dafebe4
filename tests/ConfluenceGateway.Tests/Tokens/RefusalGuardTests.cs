using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Tokens;

/// <summary>Refusals that are counted while another one is on its way to its mark.</summary>
public sealed class RefusalGuardTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task A_mark_that_comes_after_the_others_were_revived_is_taken_back_by_who_made_it(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);

        var result = await RunAsync(world, othersAtTheMark: 4);

        Assert.Equal("misconfigured", result.Name);
        Assert.Null((await world.Gateway.StoredGrantAsync("demo")).Death);
        Assert.True(world.Gateway.Services.GetRequiredService<ConfigurationCircuit>().IsOpenForGrants);
    }

    [Theory, EveryStore]
    public async Task A_mark_with_too_few_others_stays(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);

        var result = await RunAsync(world, othersAtTheMark: 3);

        Assert.Equal("reauth_required", result.Name);
        Assert.NotNull((await world.Gateway.StoredGrantAsync("demo")).Death);
    }

    [Theory, EveryStore]
    public async Task A_mark_from_before_the_wave_stays(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);
        var grant = await world.Gateway.StoredGrantAsync("demo");
        var before = world.Clock.GetUtcNow().AddMinutes(-6);
        Assert.True(await Part<IGrantStore>(world).MarkDeadAsync(Id, grant.Pair.RefreshToken, 1, new GrantDeath(ReauthReason.Revoked, "403", before)));

        foreach (var other in new[] { "demo", "b", "c", "d", "e" })
        {
            await Part<IRefusals>(world).NoteAsync(World.ClientId, ConnectionId.Parse(other, null), world.Clock.GetUtcNow(), TimeSpan.FromMinutes(5), 5);
        }

        var snapshot = (await Part<IGrantStore>(world).ReadAsync(Id))!;
        Assert.NotNull(await Part<RefusalGuard>(world).SuspectAppAsync(snapshot, "403", RefreshTrigger.Expired));
        Assert.NotNull((await world.Gateway.StoredGrantAsync("demo")).Death);
    }

    private async Task<World> ConnectedAsync(StoreKind store)
    {
        var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        return world;
    }

    private static async Task<RefreshResult> RunAsync(World world, int othersAtTheMark)
    {
        var grants = new CrowdedStore(Part<IGrantStore>(world), Part<IRefusals>(world), world.Clock, othersAtTheMark);
        var protocol = ActivatorUtilities.CreateInstance<RefreshProtocol>(world.Gateway.Services, grants);
        return await protocol.RunAsync(Id, (await world.Gateway.StoredGrantAsync("demo")).Version, RefreshTrigger.Expired);
    }

    private static T Part<T>(World world)
        where T : notnull => world.Gateway.Services.GetRequiredService<T>();

    /// <summary>The store, where the grants of others are refused just before one is marked.</summary>
    private sealed class CrowdedStore(IGrantStore store, IRefusals refusals, TimeProvider time, int others) : IGrantStore
    {
        public async Task<bool> MarkDeadAsync(ConnectionId id, Secret rejected, long attempt, GrantDeath death)
        {
            for (var other = 0; other < others; other++)
            {
                await refusals.NoteAsync(World.ClientId, ConnectionId.Parse($"other-{other}", null), time.GetUtcNow(), TimeSpan.FromMinutes(5), 5);
            }

            return await store.MarkDeadAsync(id, rejected, attempt, death);
        }

        public Task<ConnectionSnapshot?> ReadAsync(ConnectionId id) => store.ReadAsync(id);

        public Task<bool> BeginAsync(ConnectionId id, Grant seen, Intent intent) => store.BeginAsync(id, seen, intent);

        public Task<bool> EndAsync(ConnectionId id, Secret spent, Intent ended, Rest rest) => store.EndAsync(id, spent, ended, rest);

        public Task<long?> CommitAsync(ConnectionId id, Exchange exchange, TokenPair pair, bool afterRejection, bool yields) =>
            store.CommitAsync(id, exchange, pair, afterRejection, yields);

        public Task<bool> ReviveAsync(ConnectionId id, Secret refused, DateTimeOffset since, DateTimeOffset now) => store.ReviveAsync(id, refused, since, now);

        public Task<bool> RestoreAsync(ConnectionId id, Grant held, Grant? seen) => store.RestoreAsync(id, held, seen);
    }
}
