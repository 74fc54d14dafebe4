using System.Net;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Callers;

/// <summary>When a key was last used, told by every replica.</summary>
public sealed class CallerKeyUsesTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Theory, EveryStore]
    public async Task The_newest_use_in_any_replica_is_shown(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), 2, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        var (used, unused) = (await world.Gateway.MakeKeyAsync(["demo"]), await world.Gateway.MakeKeyAsync(["demo"]));
        await Eventually.TrueAsync(async () => await world.Gateways[1].StatusAsync(used.Key, Pages) == HttpStatusCode.OK, "the other replica knows the key");
        await world.AdvanceAsync(TimeSpan.FromMinutes(5));
        var newest = world.Clock.GetUtcNow();
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(used.Key, Pages));

        await UsesOf(world.Gateway).FlushAsync();
        // What the other replica tells happened before.
        await UsesOf(world.Gateways[1]).FlushAsync();

        Assert.Equal(newest, (await world.Gateway.ShowAsync(used)).GetProperty("lastUsedAt").GetDateTimeOffset(), TimeSpan.FromSeconds(10));
        Assert.False((await world.Gateway.ShowAsync(unused)).TryGetProperty("lastUsedAt", out _));
    }

    [Fact]
    public async Task A_refused_request_is_no_use()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        var read = await world.Gateway.MakeKeyAsync(["demo"], "read");
        using var refused = await world.Gateway.CallAsync(read.Key, Pages, HttpMethod.Post);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        await UsesOf(world.Gateway).FlushAsync();

        Assert.False((await world.Gateway.ShowAsync(read)).TryGetProperty("lastUsedAt", out _));
    }

    [Fact]
    public async Task A_use_is_told_when_the_gateway_stops()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        var used = await world.Gateway.MakeKeyAsync(["demo"]);
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(used.Key, Pages));

        await world.RestartAsync(0, CallerKeyCalls.Setting);

        Assert.True((await world.Gateway.ShowAsync(used)).TryGetProperty("lastUsedAt", out _));
    }

    [Fact]
    public async Task What_the_store_does_not_take_is_told_later_and_only_once()
    {
        RedisProcess.Require();
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisProcess.StartAsync(directory: directory.Path);
        await using var world = await World.StartAsync(redis.ConnectionString, 1, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        var used = await world.Gateway.MakeKeyAsync(["demo"]);
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(used.Key, Pages));
        await redis.KillAsync();
        await UsesOf(world.Gateway).FlushAsync();
        await redis.RestartAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                await UsesOf(world.Gateway).FlushAsync();
                using var shown = await world.Gateway.Operator.GetAsync($"/api/v1/caller-keys/{used.Id}");
                return (await shown.Content.ReadAsStringAsync()).Contains("lastUsedAt", StringComparison.Ordinal);
            },
            "the use is told");

        await using var monitor = await RedisMonitor.StartAsync(redis.Port);
        await UsesOf(world.Gateway).FlushAsync();
        await world.Gateway.ShowAsync(used);
        await Eventually.TrueAsync(() => monitor.Commands.Any(command => command.Contains("HMGET", StringComparison.OrdinalIgnoreCase)), "the monitor sees the list");
        Assert.DoesNotContain(monitor.Commands, command => command.Contains("EVAL", StringComparison.OrdinalIgnoreCase));
    }

    private static CallerKeyUses UsesOf(TestGateway gateway) => gateway.Services.GetRequiredService<CallerKeyUses>();
}
