using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>A store that would lose grants is told before it does.</summary>
public sealed class SelfAuditTests(Stores stores)
{
    private static readonly string[] Names = ["clock", "eviction", "key_ring", "persistence", "replicas", "version"];

    [Fact]
    public async Task A_good_server_passes_every_check()
    {
        RequireRedis();
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisProcess.StartAsync(directory: directory.Path, settings: ["--maxmemory", "100mb", "--maxmemory-policy", "noeviction"]);
        await using var world = await World.StartAsync(redis.ConnectionString);

        var audit = await AuditAsync(world.Gateway);

        Assert.Equal("Healthy", (await world.Gateway.Management.GetFromJsonAsync<JsonElement>("/health/ready")).GetProperty("status").GetString());
        Assert.Equal("Healthy", audit.GetProperty("status").GetString());
        var data = audit.GetProperty("data").EnumerateObject().ToArray();
        Assert.Equal(Names, data.Select(check => check.Name).Order());
        Assert.All(data, check => Assert.StartsWith("passed: ", check.Value.GetString(), StringComparison.Ordinal));
        foreach (var name in Names)
        {
            Assert.Equal(1, await CheckAsync(world.Gateway, name));
        }

        Assert.DoesNotContain(world.Gateway.Log.Lines, line => line.StartsWith("Warning ", StringComparison.Ordinal) && line.Contains("Self-check", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_forgets_and_evicts_is_degraded_with_the_remedy_warned_of_once_and_told_when_mended()
    {
        RequireRedis();
        await using var redis = await RedisProcess.StartAsync(settings: ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await TestGateway.StartAsync(
            [$"--Redis:ConnectionString={redis.ConnectionString}", $"--Admin:ApiKey={World.AdminKey}", $"--Atlassian:ClientId={World.ClientId}", $"--Atlassian:ClientSecret={World.ClientSecret}"], clock);

        var audit = await AuditAsync(gateway);

        using var ready = await gateway.Management.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("Degraded", (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        Assert.Equal("Degraded", audit.GetProperty("status").GetString());
        Assert.Contains("Set appendonly yes.", audit.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("Set maxmemory-policy noeviction.", audit.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await CheckAsync(gateway, "persistence"));
        Assert.Equal(0, await CheckAsync(gateway, "eviction"));
        Assert.Equal(1, await CheckAsync(gateway, "version"));

        await redis.ConfigureAsync("maxmemory-policy", "noeviction");
        await NextAuditAsync(clock, async () => await CheckAsync(gateway, "eviction") == 1);
        Assert.Equal(0, await CheckAsync(gateway, "persistence"));
        Assert.Single(gateway.Log.Lines, line => IsWarning(line, "persistence"));
        Assert.Single(gateway.Log.Lines, line => IsWarning(line, "eviction"));
        Assert.Single(gateway.Log.Lines, line => line.StartsWith("Information ", StringComparison.Ordinal) && line.Contains("Self-check eviction passes again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_the_questions_fails_no_check_of_them()
    {
        RequireRedis();
        await using var redis = await RedisProcess.StartAsync(settings: ["--rename-command", "TIME", "", "--rename-command", "INFO", ""]);
        await using var world = await World.StartAsync(redis.ConnectionString);

        var audit = await AuditAsync(world.Gateway);

        Assert.Equal("Healthy", audit.GetProperty("status").GetString());
        var metrics = await world.Gateway.Management.GetStringAsync("/metrics");
        foreach (var name in new[] { "version", "persistence", "eviction", "clock" })
        {
            Assert.StartsWith("unknown: ", audit.GetProperty("data").GetProperty(name).GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain($"check=\"{name}\"", metrics, StringComparison.Ordinal);
            Assert.DoesNotContain(world.Gateway.Log.Lines, line => IsWarning(line, name));
        }

        Assert.Equal(1, await CheckAsync(world.Gateway, "key_ring"));
    }

    [Fact]
    public async Task A_clock_that_is_a_minute_off_fails()
    {
        RequireRedis();
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Redis));
        world.Clock.Advance(TimeSpan.FromMinutes(1));

        var gateway = await world.AddGatewayAsync();

        Assert.Matches("^failed: .* 60 s apart.*NTP", (await AuditAsync(gateway)).GetProperty("data").GetProperty("clock").GetString());
        Assert.Equal(0, await CheckAsync(gateway, "clock"));
    }

    [Fact]
    public async Task Fewer_replicas_than_durability_asks_for_fail()
    {
        RequireRedis();
        await using var redis = await RedisProcess.StartAsync();
        await using var replica = await redis.AddReplicaAsync();
        await using var world = await World.StartAsync(redis.ConnectionString, settings: "--Redis:Durability=replicas:1");
        Assert.Equal("passed: 1 connected.", (await AuditAsync(world.Gateway)).GetProperty("data").GetProperty("replicas").GetString());

        var second = await world.AddGatewayAsync("--Redis:Durability=replicas:2");

        Assert.Contains("Redis:Durability asks for 2", (await AuditAsync(second)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await CheckAsync(second, "replicas"));
    }

    [Fact]
    public async Task Durability_aof_needs_a_server_that_has_it()
    {
        RequireRedis();
        await using var redis = await RedisProcess.StartAsync();
        await using var world = await World.StartAsync(redis.ConnectionString, settings: "--Redis:Durability=aof");

        var found = (await AuditAsync(world.Gateway)).GetProperty("data").GetProperty("version").GetString();

        Assert.StartsWith(Version.Parse((await redis.InfoAsync("server", "redis_version"))!) >= new Version(7, 2) ? "passed: " : "failed: ", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_embedded_store_passes_with_its_key_ring_alone()
    {
        using var directory = new TemporaryDirectory();
        await using var gateway = await TestGateway.StartAsync([$"--Embedded:DataDirectory={directory.Path}"]);

        var audit = await AuditAsync(gateway);

        Assert.Equal("Healthy", audit.GetProperty("status").GetString());
        Assert.Equal("key_ring", Assert.Single(audit.GetProperty("data").EnumerateObject()).Name);
    }

    private static async Task<JsonElement> AuditAsync(TestGateway gateway)
    {
        var audit = gateway.Services.GetRequiredService<SelfAudit>();
        await Eventually.TrueAsync(() => audit.Checks.Count > 0, "the store was audited");
        using var ready = await gateway.Management.GetAsync("/health/ready");
        var checks = (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks");
        return checks.EnumerateArray().Single(check => check.GetProperty("name").GetString() == "self-audit");
    }

    private static Task<double> CheckAsync(TestGateway gateway, string name) => gateway.MetricAsync($"confluence_gateway_self_check{{check=\"{name}\"}}");

    // Moved again and again: the first move may come before the audit waits for it.
    private static Task NextAuditAsync(FakeTimeProvider clock, Func<Task<bool>> seen) => Eventually.TrueAsync(
        async () =>
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            return await seen();
        },
        "the store is audited again");

    private static bool IsWarning(string line, string check) => line.StartsWith("Warning ", StringComparison.Ordinal) && line.Contains($"Self-check {check} fails", StringComparison.Ordinal);

    private static void RequireRedis() =>
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");
}
