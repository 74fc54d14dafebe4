using System.Diagnostics;
using System.Globalization;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>A write is answered once it is as durable as the setting asks, and not before.</summary>
public sealed class DurableWritesTests
{
    private const string Script = "return redis.call('INCR', KEYS[1])";

    [Fact]
    public async Task None_asks_for_no_confirmation_and_opens_no_connection()
    {
        RequireRedis();
        await using var redis = await RedisProcess.StartAsync();
        await using var store = new Store(redis.ConnectionString, "none");
        await store.Redis.Database.PingAsync();
        var before = (await ClientsAsync(store)).Length;

        Assert.Equal(1, (int)await store.WriteAsync());

        Assert.Equal(before, (await ClientsAsync(store)).Length);
        Assert.Null(await redis.InfoAsync("commandstats", "cmdstat_wait"));
    }

    [Fact]
    public async Task A_write_that_the_replica_has_is_answered()
    {
        RequireRedis();
        await using var primary = await RedisProcess.StartAsync();
        await using var replica = await primary.AddReplicaAsync();
        await using var store = new Store(primary.ConnectionString, "replicas:1");

        Assert.Equal(1, (int)await store.WriteAsync());

        await using var reader = await ConnectionMultiplexer.ConnectAsync(replica.ConnectionString);
        Assert.Equal(1, (int)await reader.GetDatabase().StringGetAsync("key"));
    }

    [Fact]
    public async Task A_replica_that_hangs_makes_a_write_unconfirmed_within_about_the_time_out()
    {
        RequireRedis();
        await using var primary = await RedisProcess.StartAsync();
        await using var replica = await primary.AddReplicaAsync();
        await using var store = new Store(primary.ConnectionString, "replicas:1");
        await store.WriteAsync();
        await replica.PauseAsync();

        var waited = Stopwatch.StartNew();
        var refused = await Assert.ThrowsAsync<NotDurableException>(() => store.WriteAsync());

        Assert.InRange(waited.Elapsed, DurableWrites.ReplicasTimeout * 0.9, DurableWrites.ReplicasTimeout * 4);
        Assert.Contains("confirmed by 0 of 1 replicas", refused.Message, StringComparison.Ordinal);
        Assert.True(RedisConnection.IsUnavailable(refused));
        // The write did happen, and the shared connection did not stand still.
        Assert.Equal(2, (int)await store.Redis.Database.StringGetAsync("key"));
    }

    [Fact]
    public async Task A_hundred_callers_do_not_queue_for_a_replica_that_hangs()
    {
        RequireRedis();
        await using var primary = await RedisProcess.StartAsync();
        await using var replica = await primary.AddReplicaAsync();
        await using var store = new Store(primary.ConnectionString, "replicas:1");
        await store.WriteAsync();
        await replica.PauseAsync();

        var waited = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Assert.ThrowsAsync<NotDurableException>(() => store.WriteAsync())));

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, DurableWrites.ReplicasTimeout * 5);
    }

    [Fact]
    public async Task Writes_at_the_same_time_share_confirmations()
    {
        RequireRedis();
        await using var primary = await RedisProcess.StartAsync();
        await using var replica = await primary.AddReplicaAsync();
        await using var store = new Store(primary.ConnectionString, "replicas:1");
        await store.WriteAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.WriteAsync()));

        var waits = (await primary.InfoAsync("commandstats", "cmdstat_wait"))!.Split(',')[0]["calls=".Length..];
        TestContext.Current.TestOutputHelper?.WriteLine($"WAITs for 51 writes: {waits}");
        Assert.InRange(int.Parse(waits, CultureInfo.InvariantCulture), 2, 20);
    }

    [Fact]
    public async Task Without_the_replica_a_write_is_unconfirmed()
    {
        RequireRedis();
        await using var primary = await RedisProcess.StartAsync();
        await using var store = new Store(primary.ConnectionString, "replicas:2");

        var refused = await Assert.ThrowsAsync<NotDurableException>(() => store.WriteAsync());

        Assert.Contains("confirmed by 0 of 2 replicas", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_server_a_write_says_that_it_is_out_of_reach_and_it_recovers()
    {
        RequireRedis();
        var port = Ports.Take();
        await using var store = new Store($"127.0.0.1:{port},connectTimeout=500", "replicas:1");

        var refused = await Record.ExceptionAsync(() => store.WriteAsync());
        Assert.True(RedisConnection.IsUnavailable(refused!), refused!.ToString());

        await using var primary = await RedisProcess.StartAsync(port);
        await using var replica = await primary.AddReplicaAsync();
        await Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => store.WriteAsync()) is null, "the write is confirmed");
    }

    [Fact]
    public async Task The_client_counts_a_new_connection_by_which_a_confirmation_of_no_writes_is_told_apart()
    {
        RequireRedis();
        await using var redis = await RedisProcess.StartAsync();
        await using var store = new Store(redis.ConnectionString, "none");
        var server = store.Redis.Multiplexer.GetServer((RedisKey)"key");
        var before = server.GetCounters().Interactive.SocketCount;

        await redis.CutConnectionsAsync();

        await Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => store.Redis.Database.PingAsync()) is null && server.GetCounters().Interactive.SocketCount > before, "it is connected anew");
    }

    [Fact]
    public async Task The_append_only_file_confirms_where_the_server_can_and_else_the_remedy_is_told()
    {
        RequireRedis();
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisProcess.StartAsync(directory: directory.Path);
        await using var store = new Store(redis.ConnectionString, "aof");
        var version = Version.Parse((await redis.InfoAsync("server", "redis_version"))!);

        var refused = await Record.ExceptionAsync(() => store.WriteAsync());

        if (version >= new Version(7, 2))
        {
            Assert.Null(refused);
        }
        else
        {
            Assert.Contains("needs Redis 7.2 or later", Assert.IsType<NotDurableException>(refused).Message, StringComparison.Ordinal);
        }
    }

    private static async Task<string[]> ClientsAsync(Store store) =>
        (await store.Redis.Database.ExecuteAsync("CLIENT", "LIST")).ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void RequireRedis() =>
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");

    /// <summary>What a gateway writes with.</summary>
    private sealed class Store : IAsyncDisposable
    {
        private readonly DurableWrites _writes;

        public Store(string connectionString, string durability)
        {
            Redis = new RedisConnection(connectionString, new GatewayMetrics(), NullLogger<RedisConnection>.Instance);
            _writes = new DurableWrites(Redis, Options.Create(new RedisOptions { ConnectionString = connectionString, Durability = durability }));
        }

        public RedisConnection Redis { get; }

        public Task<RedisResult> WriteAsync() => _writes.EvaluateAsync(Script, ["key"], []);

        public async ValueTask DisposeAsync()
        {
            await _writes.DisposeAsync();
            await Redis.DisposeAsync();
        }
    }
}
