using AtlassianSimulator.Faults;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis.Profiling;

namespace ConfluenceGateway.Tests.Tokens;

/// <summary>R14: connections that nobody requests stay alive.</summary>
public sealed class KeepAliveTests(Stores stores)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    [Theory, EveryStore]
    public async Task An_idle_connection_is_rotated_once_by_one_of_two_replicas(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.ConnectAsync("demo");
        await world.PassAsync(Soon);
        await world.PassAsync(TimeSpan.FromDays(10));
        Assert.Equal(0, (await world.GrantAsync()).Attempts);

        await world.PassAsync(TimeSpan.FromDays(4));
        await world.TickAsync();

        Assert.Equal(1, (await world.GrantAsync()).Attempts);
        Assert.Equal(1, await world.RefreshesAsync("keep_alive", "rotated"));
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
    }

    [Theory, EveryStore]
    public async Task An_idle_connection_lives_for_a_year_and_a_paused_one_too(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.ConnectAsync("demo");
        using var paused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null);

        for (var day = 0; day < 360; day += 5)
        {
            await world.PassAsync(TimeSpan.FromDays(5));
        }

        var grant = await world.GrantAsync();
        Assert.True(grant.Alive);
        Assert.InRange(grant.Exchanges, 360 / 20, 360 / 10);
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
    }

    [Theory, EveryStore]
    public async Task When_nothing_is_due_a_tick_costs_three_commands(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        for (var each = 0; each < 30; each++)
        {
            await world.Gateway.CreateAsync($"c{each}");
            await world.Gateway.ReplaceAsync($"c{each}");
        }

        await world.PassAsync(Soon);
        var session = new AsyncLocal<ProfilingSession?>();
        world.Gateway.Services.GetRequiredService<RedisConnection>().Multiplexer.RegisterProfiler(() => session.Value);
        session.Value = new ProfilingSession();

        await world.Gateway.TickAsync();

        Assert.Equal(["EVAL", "ZRANGE", "ZRANGE"], session.Value.FinishProfiling().Select(command => command.Command).Order());
    }

    [Theory, EveryStore]
    public async Task What_is_dead_or_deleted_leaves_the_index(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        foreach (var id in new[] { "dead", "deleted" })
        {
            await world.Gateway.CreateAsync(id);
            await world.Gateway.ReplaceAsync(id);
        }

        await world.PassAsync(Soon);
        var dead = await world.Gateway.StoredGrantAsync("dead");
        var death = new GrantDeath(ReauthReason.Revoked, "403", world.Clock.GetUtcNow());
        await world.Gateway.Services.GetRequiredService<GrantStore>().MarkDeadAsync(ConnectionId.Parse("dead", null), dead.Pair.RefreshToken, 1, death);
        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/deleted");

        await world.PassAsync(TimeSpan.FromDays(20));

        Assert.Null(await world.Gateway.DueAsync("dead"));
        Assert.Null(await world.Gateway.DueAsync("deleted"));
        Assert.Equal((null, null), await world.Gateway.Services.GetRequiredService<GrantAges>().OldestAsync());
        Assert.Equal(0, await world.RefreshesAsync("keep_alive", "reauth_required"));
    }

    [Theory, EveryStore]
    public async Task A_grant_of_another_app_waits_until_that_app_is_back(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        await world.RestartAsync(0, "--Atlassian:ClientId=another");

        await world.PassAsync(TimeSpan.FromDays(15));
        Assert.Equal(0, (await world.GrantAsync()).Attempts);
        Assert.True(await world.Gateway.DueAsync("demo") <= world.Clock.GetUtcNow().AddMinutes(10));

        await world.RestartAsync(0);
        await world.PassAsync(TimeSpan.FromMinutes(11));
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }

    [Theory, EveryStore]
    public async Task A_token_endpoint_in_trouble_is_not_asked_for_what_can_wait(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        for (var each = 0; each < 40; each++)
        {
            await world.Gateway.CreateAsync($"c{each}");
            await world.Gateway.ReplaceAsync($"c{each}");
        }

        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 503 });
        await world.PassAsync(TimeSpan.FromDays(15));

        Assert.InRange(await world.RefreshesAsync("keep_alive", "ambiguous"), 3, 12);
        Assert.True(await world.Gateway.DueAsync("c39") <= world.Clock.GetUtcNow().AddMinutes(2));
    }

    [Fact]
    public async Task It_looks_by_itself_within_half_a_minute_and_goes_on_after_an_outage()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisProcess.StartAsync(directory: directory.Path);
        await using var world = await World.StartAsync(redis.ConnectionString);
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromDays(15));
        var clock = new FakeTimeProvider(world.Clock.GetUtcNow());
        using var keepAlive = ActivatorUtilities.CreateInstance<KeepAlive>(world.Gateway.Services, clock);
        await redis.KillAsync();
        await keepAlive.StartAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => world.Gateway.Log.Lines.Any(line => line.Contains("What is due cannot be told", StringComparison.Ordinal)), "the tick fails");

        await redis.RestartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(30));
                return (await world.GrantAsync()).Exchanges == 1;
            },
            "the connection is rotated");

        await keepAlive.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Nothing_is_started_while_the_gateway_stops()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromDays(15));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            world.Gateway.Services.GetRequiredService<KeepAlive>().TickAsync(new CancellationToken(canceled: true)));

        Assert.Equal(0, (await world.GrantAsync()).Attempts);
        // What is registered last is stopped first: nothing that it starts meets a flight that ends already.
        Assert.IsType<KeepAlive>(world.Gateway.Services.GetServices<IHostedService>().Last(service => service.GetType().Namespace == typeof(KeepAlive).Namespace));
    }

    [Fact]
    public void Connections_made_in_one_hour_do_not_rotate_in_one_hour()
    {
        var shares = Enumerable.Range(0, 4_000).Select(each => KeepAlive.ShareOfAge(ConnectionId.Parse($"c{each}", null), 1)).ToList();

        Assert.All(shares, share => Assert.InRange(share, 0.75, 1));
        // Of 14 days a quarter is 84 hours: evenly spread, each takes some 48.
        Assert.All(shares.CountBy(share => (int)((share - 0.75) * 4 * 84)), hour => Assert.InRange(hour.Value, 1, 100));
        Assert.NotEqual(KeepAlive.ShareOfAge(ConnectionId.Parse("demo", null), 1), KeepAlive.ShareOfAge(ConnectionId.Parse("demo", null), 2));
    }

    [Fact]
    public void The_spread_is_the_same_in_every_process() =>
        Assert.Equal(0.792138, KeepAlive.ShareOfAge(ConnectionId.Parse("demo", null), 1), 1e-6);
}
