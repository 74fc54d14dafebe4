using System.Diagnostics;
using System.Net;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Callers;

/// <summary>A change of caller keys acts everywhere, and soon.</summary>
public sealed class RevocationTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Theory, EveryStore]
    public async Task A_revoked_key_is_refused_within_five_seconds_by_a_replica_that_hears_no_notice(StoreKind store)
    {
        await using var world = await ConnectedAsync(store, gateways: 2);
        var made = await world.Gateway.MakeKeyAsync(["demo"]);
        var second = world.Gateways[1];
        Assert.Equal(HttpStatusCode.OK, await second.StatusAsync(made.Key, Pages));
        await DeafenAsync(second);

        await world.Gateway.RevokeAsync(made);
        var revoked = Stopwatch.StartNew();

        await Eventually.TrueAsync(async () => await second.StatusAsync(made.Key, Pages) == HttpStatusCode.Unauthorized, "the key is refused", TimeSpan.FromSeconds(5));
        Assert.True(revoked.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Theory, EveryStore]
    public async Task A_notice_alone_makes_a_replica_look_again(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);
        var made = await world.Gateway.MakeKeyAsync(["demo"]);
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));
        var (keys, redis) = StoreOf(world.Gateway);

        // Gone behind everybody's back: the stamp that is looked at stays as it was.
        await redis.Database.HashDeleteAsync(keys.CallerKeys, Secret.FingerprintOf(made.Key));
        await LookAsync(world.Gateway);
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));

        await redis.Database.PublishAsync(keys.CallerKeyChanges, "a stamp");

        await Eventually.TrueAsync(async () => await world.Gateway.StatusAsync(made.Key, Pages) == HttpStatusCode.Unauthorized, "the notice arrives");
    }

    [Theory, EveryStore]
    public async Task The_replica_that_revokes_refuses_at_once(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);
        await DeafenAsync(world.Gateway);
        for (var turn = 0; turn < 20; turn++)
        {
            var made = await world.Gateway.MakeKeyAsync(["demo"]);
            Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));

            await world.Gateway.RevokeAsync(made);

            Assert.Equal(HttpStatusCode.Unauthorized, await world.Gateway.StatusAsync(made.Key, Pages));
        }
    }

    [Theory, EveryStore]
    public async Task A_key_that_was_tried_before_it_was_made_is_taken_once_it_is(StoreKind store)
    {
        await using var world = await ConnectedAsync(store, gateways: 2);
        var secret = Secret.Random(CallerKey.Prefix);
        var second = world.Gateways[1];
        Assert.Equal(HttpStatusCode.Unauthorized, await second.StatusAsync(secret.Reveal(), Pages));
        var key = new CallerKey("key_given", "app", ["demo"], CallerAccess.Read, world.Clock.GetUtcNow(), null, null, null);

        await world.Gateway.Services.GetRequiredService<CallerKeyStore>().AddAsync(key, secret.Fingerprint);
        await LookAsync(second);

        Assert.Equal(HttpStatusCode.OK, await second.StatusAsync(secret.Reveal(), Pages));
    }

    [Theory, EveryStore]
    public async Task A_store_that_went_back_in_time_is_a_change_too(StoreKind store)
    {
        await using var world = await ConnectedAsync(store);
        var made = await world.Gateway.MakeKeyAsync(["demo"]);
        await LookAsync(world.Gateway);
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));
        var (keys, redis) = StoreOf(world.Gateway);

        await redis.Database.KeyDeleteAsync([keys.CallerKeys, keys.CallerKeyStamp]);
        await LookAsync(world.Gateway);

        Assert.Equal(HttpStatusCode.Unauthorized, await world.Gateway.StatusAsync(made.Key, Pages));
    }

    [Fact]
    public async Task A_key_expires_by_the_clock_without_a_look_at_the_store()
    {
        await using var world = await ConnectedAsync(StoreKind.Embedded);
        var made = await world.Gateway.MakeKeyAsync(["demo"], expiresAt: world.Clock.GetUtcNow().AddMinutes(10));
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));

        await world.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));

        using var expired = await world.Gateway.CallAsync(made.Key, Pages);
        var problem = await expired.ProblemAsync(HttpStatusCode.Unauthorized, "caller-unauthorized");
        Assert.Contains($"'{made.Id}' expired at", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<World> ConnectedAsync(StoreKind store, int gateways = 1)
    {
        var world = await World.StartAsync(stores.ConnectionString(store), gateways, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        return world;
    }

    private static Task LookAsync(TestGateway gateway) => gateway.Services.GetRequiredService<CallerKeyWatch>().LookAsync();

    /// <summary>Takes care that no notice arrives any more.</summary>
    private static async Task DeafenAsync(TestGateway gateway)
    {
        var (keys, redis) = StoreOf(gateway);
        await redis.Multiplexer.GetSubscriber().UnsubscribeAsync(keys.CallerKeyChanges);
    }

    private static (RedisKeys Keys, RedisConnection Redis) StoreOf(TestGateway gateway) =>
        (gateway.Services.GetRequiredService<RedisKeys>(), gateway.Services.GetRequiredService<RedisConnection>());
}
