using System.Net;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Callers;

/// <summary>What a key costs, and what it is worth while the store is out. These need a real Redis that can be watched and stopped.</summary>
public sealed class CallerKeyCacheTests
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Fact]
    public async Task A_thousand_requests_with_a_key_send_Redis_no_command()
    {
        await using var redis = await StartRedisAsync();
        await using var world = await ConnectedAsync(redis);
        var made = await world.Gateway.MakeKeyAsync(["demo"]);
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));
        await using var monitor = await RedisMonitor.StartAsync(redis.Port);

        for (var call = 0; call < 1_000; call++)
        {
            Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));
        }

        Assert.DoesNotContain(monitor.Commands, command => !IsLook(command));
        await Eventually.TrueAsync(() => monitor.Commands.Any(IsLook), "the monitor sees a look for changes");
    }

    [Fact]
    public async Task A_wrong_key_costs_one_read_and_what_is_no_key_costs_none()
    {
        await using var redis = await StartRedisAsync();
        await using var world = await ConnectedAsync(redis);
        await using var monitor = await RedisMonitor.StartAsync(redis.Port);
        var guesses = Enumerable.Range(0, 20).Select(_ => Secret.Random(CallerKey.Prefix).Reveal()).ToArray();

        for (var call = 0; call < 5; call++)
        {
            await Task.WhenAll(guesses.Concat(guesses).Select(async guess => Assert.Equal(HttpStatusCode.Unauthorized, await world.Gateway.StatusAsync(guess, Pages))));
            await Task.WhenAll(guesses.Select(async guess => Assert.Equal(HttpStatusCode.Unauthorized, await world.Gateway.StatusAsync(guess + "x", Pages))));
        }

        await Eventually.TrueAsync(() => Reads(monitor) >= guesses.Length, "the reads are seen");
        Assert.Equal(guesses.Length, Reads(monitor));
    }

    [Fact]
    public async Task Guesses_do_not_drive_out_good_keys()
    {
        await using var redis = await StartRedisAsync();
        await using var world = await ConnectedAsync(redis);
        var made = await world.Gateway.MakeKeyAsync(["demo"]);
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));
        var cache = world.Gateway.Services.GetRequiredService<CallerKeyCache>();
        // More than both caches hold together.
        await Parallel.ForEachAsync(Enumerable.Range(0, 12_000), async (each, _) => Assert.Null(await cache.FindAsync($"guess {each}")));
        await using var monitor = await RedisMonitor.StartAsync(redis.Port);

        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(made.Key, Pages));

        Assert.Null(await cache.FindAsync("guess"));
        await Eventually.TrueAsync(() => Reads(monitor) > 0, "the one read is seen");
        Assert.Equal(1, Reads(monitor));
    }

    [Fact]
    public async Task Who_asks_after_a_change_does_not_share_a_look_that_began_before_it()
    {
        await using var redis = await StartRedisAsync();
        await using var world = await ConnectedAsync(redis);
        var fingerprint = Secret.FingerprintOf((await world.Gateway.MakeKeyAsync(["demo"])).Key);
        var cache = world.Gateway.Services.GetRequiredService<CallerKeyCache>();
        // Long enough for four looks to begin, and none to end.
        await redis.ExecuteAsync("CLIENT", "PAUSE", 2_000);

        var (before, beside) = (cache.FindAsync(fingerprint).AsTask(), cache.FindAsync(fingerprint).AsTask());
        cache.Observe("a stamp");
        var (after, besideThat) = (cache.FindAsync(fingerprint).AsTask(), cache.FindAsync(fingerprint).AsTask());

        Assert.Same(before, beside);
        Assert.Same(after, besideThat);
        Assert.NotSame(before, after);
        Assert.All(await Task.WhenAll(before, after), Assert.NotNull);
    }

    [Fact]
    public async Task While_the_store_is_out_of_reach_keys_that_were_seen_are_good_and_others_wait()
    {
        await using var redis = await StartRedisAsync();
        await using var world = await ConnectedAsync(redis);
        var (seen, unseen) = (await world.Gateway.MakeKeyAsync(["demo"]), await world.Gateway.MakeKeyAsync(["demo"]));
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(seen.Key, Pages));

        await redis.KillAsync();
        await Eventually.TrueAsync(() => !world.Gateway.Services.GetRequiredService<RedisConnection>().IsConnected, "the loss is noticed");

        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(seen.Key, Pages));
        using var refused = await world.Gateway.CallAsync(unseen.Key, Pages);
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "store-unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.Unauthorized, await world.Gateway.StatusAsync("old-password", Pages));

        // A change was told just before: the key is to be read again, and cannot.
        world.Gateway.Services.GetRequiredService<CallerKeyCache>().Observe("a stamp");
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(seen.Key, Pages));
        Assert.Contains(world.Gateway.Log.Lines, line => line.Contains($"caller key {seen.Id} is good as it was last seen", StringComparison.Ordinal));

        // The store comes back without anything in it.
        await redis.RestartAsync();
        await Eventually.TrueAsync(async () => await world.Gateway.StatusAsync(seen.Key, Pages) == HttpStatusCode.Unauthorized, "the key is looked up again");
    }

    private static async Task<RedisProcess> StartRedisAsync()
    {
        RedisProcess.Require();
        return await RedisProcess.StartAsync();
    }

    private static async Task<World> ConnectedAsync(RedisProcess redis)
    {
        var world = await World.StartAsync(redis.ConnectionString, 1, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        await Eventually.TrueAsync(async () => await world.Gateway.MetricAsync("confluence_gateway_self_check{check=\"key_ring\"}") == 1, "the store was audited");
        return world;
    }

    private static int Reads(RedisMonitor monitor) => monitor.Commands.Count(command => command.Contains("\"HGET\"", StringComparison.OrdinalIgnoreCase) && command.Contains("{@callers}:keys", StringComparison.Ordinal));

    private static bool IsLook(string command) => command.Contains("\"GET\"", StringComparison.OrdinalIgnoreCase) && command.Contains("{@callers}:stamp", StringComparison.Ordinal);
}
