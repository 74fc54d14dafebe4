using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Tokens;

/// <summary>The end of a grant is told before it comes, each milestone once.</summary>
public sealed class ExpiringTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task Inactivity_is_told_30_7_and_1_days_before_once_each_by_two_replicas(StoreKind store)
    {
        await using var world = await UnrefreshableAsync(store, gateways: 2);
        await world.PassAsync(TimeSpan.FromDays(59));
        Assert.Empty(await ExpiringAsync(world));

        foreach (var days in new[] { 2, 10, 13, 4, 1.5 })
        {
            await world.PassAsync(TimeSpan.FromDays(days));
            await world.TickAsync();
        }

        Assert.Equal(["inactivity 1", "inactivity 7", "inactivity 30"], await ExpiringAsync(world));
        var told = (await world.Gateway.EventsAsync("demo"))[0].GetProperty("data").GetProperty("expiresAt").GetDateTimeOffset();
        Assert.Equal((await world.Gateway.StoredGrantAsync("demo")).InactiveAt, told);
    }

    [Theory, EveryStore]
    public async Task When_nobody_looked_for_long_only_the_most_urgent_is_told(StoreKind store)
    {
        await using var world = await UnrefreshableAsync(store);

        await world.PassAsync(TimeSpan.FromDays(89.5));
        await world.PassAsync(TimeSpan.FromMinutes(20));

        Assert.Equal(["inactivity 1"], await ExpiringAsync(world));
    }

    [Theory, EveryStore]
    public async Task The_end_of_a_consent_is_told_of_a_connection_that_is_kept_alive(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.ConnectAsync("demo");

        for (var day = 0; day < 364; day += 4)
        {
            await world.PassAsync(TimeSpan.FromDays(4));
        }

        await world.PassAsync(TimeSpan.FromHours(12));
        Assert.Equal(["consent 1", "consent 7", "consent 30"], await ExpiringAsync(world));
    }

    [Theory, EveryStore]
    public async Task A_new_pair_starts_inactivity_anew_and_a_new_consent_both(StoreKind store)
    {
        await using var world = await UnrefreshableAsync(store);
        var grants = world.Gateway.Services.GetRequiredService<GrantStore>();
        await TellBothAsync(world, 30, (true, true));
        await TellBothAsync(world, 30, (false, false));
        await TellBothAsync(world, 7, (true, true));
        await TellBothAsync(world, 30, (false, false));

        var spent = (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken.Fingerprint;
        await grants.CommitAsync(Id, new Exchange(spent, 1), Pairs.Of("second", world.Clock.GetUtcNow()), afterRejection: false);
        await TellBothAsync(world, 30, (true, false));

        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.Gateway.ReplaceAsync("demo");
        await TellBothAsync(world, 30, (true, true));
    }

    [Theory, EveryStore]
    public async Task Nothing_is_told_of_a_pair_that_is_no_longer_stored_nor_of_a_dead_grant(StoreKind store)
    {
        await using var world = await UnrefreshableAsync(store);
        var grants = world.Gateway.Services.GetRequiredService<GrantStore>();
        var first = await world.Gateway.StoredGrantAsync("demo");
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await grants.CommitAsync(Id, new Exchange(first.Pair.RefreshToken.Fingerprint, 1), Pairs.Of("second", world.Clock.GetUtcNow()), afterRejection: false);
        var second = await world.Gateway.StoredGrantAsync("demo");

        Assert.False(await TellAsync(world, Expiry.Of(first)[0], 30));
        await grants.MarkDeadAsync(Id, second.Pair.RefreshToken, 1, new GrantDeath(ReauthReason.Revoked, "403", world.Clock.GetUtcNow()));
        Assert.False(await TellAsync(world, Expiry.Of(second)[0], 30));
    }

    /// <summary>A connection whose grant belongs to another app, so that nothing keeps it alive.</summary>
    private async Task<World> UnrefreshableAsync(StoreKind store, int gateways = 1)
    {
        var world = await World.StartAsync(stores.ConnectionString(store), gateways);
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.ReplaceAsync("demo", clientId: "another");
        return world;
    }

    private static async Task TellBothAsync(World world, int days, (bool Inactivity, bool Consent) told)
    {
        var expiries = Expiry.Of(await world.Gateway.StoredGrantAsync("demo"));
        Assert.Equal(told, (await TellAsync(world, expiries[0], days), await TellAsync(world, expiries[1], days)));
    }

    private static Task<bool> TellAsync(World world, Expiry expiry, int days) =>
        world.Gateway.Services.GetRequiredService<ConnectionEvents>().TellExpiringAsync(Id, expiry, days, world.Clock.GetUtcNow());

    private static async Task<IEnumerable<string>> ExpiringAsync(World world) =>
        (await world.Gateway.EventsAsync("demo")).Where(one => one.GetProperty("type").GetString() == "connection.expiring")
            .Select(one => one.GetProperty("data")).Select(data => $"{data.GetProperty("forecast").GetString()} {data.GetProperty("days").GetInt32()}");
}
