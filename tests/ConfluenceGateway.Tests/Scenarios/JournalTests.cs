using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>The store goes away between an exchange and its commit, and then the process does. These need a real Redis that can be stopped.</summary>
public sealed class JournalTests
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Fact]
    public async Task What_a_killed_process_could_not_store_is_stored_and_served_by_the_next_one()
    {
        await using var redis = await StartRedisAsync();
        using var journal = new TemporaryDirectory();
        await using var world = await World.StartWithoutGatewayAsync(redis.Store.ConnectionString);
        await using (var killed = ProgramRun.Gateway([.. world.Settings(), Journals.Setting(journal)]))
        {
            using var @operator = await killed.OperatorAsync(World.AdminKey);
            await ConnectAsync(@operator);
            await DelayNextAnswerAsync(world);
            using var unsaved = @operator.PostAsync("/api/v1/connections/demo/refresh", null);
            await Eventually.TrueAsync(async () => (await world.GrantAsync()).Exchanges == 1, "the token is spent");
            await redis.Store.KillAsync();
            await Eventually.TrueAsync(() => journal.Names() is [var name] && name.EndsWith(".rotation", StringComparison.Ordinal), "the journal has the pair");
            await killed.KillAsync();
            await Task.WhenAny(unsaved);
        }

        // By now Atlassian takes the stored token for stolen: only the journal can save the grant.
        await world.AdvanceAsync(TimeSpan.FromMinutes(11));
        await redis.Store.RestartAsync();
        var next = await world.AddGatewayAsync(Journals.Setting(journal));
        await Eventually.TrueAsync(() => journal.Names().Length == 0, "the journal is replayed");

        await world.AssertNewestIsStoredAsync(next, "demo");
        using var served = await next.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
        // The killed process's lock would only make the next refresh wait.
        var refreshLock = next.Services.GetRequiredService<RedisKeys>().LockFormat.Replace("{0}", "refresh:demo", StringComparison.Ordinal);
        await redis.Store.ExecuteAsync("DEL", refreshLock);
        await next.RefreshAsync("demo");
        Assert.Equal((2, true), ((await world.GrantAsync()).Exchanges, (await world.GrantAsync()).Alive));
        await world.AssertNewestIsStoredAsync(next, "demo");
    }

    [Fact]
    public async Task A_rotation_has_one_file_from_the_refused_commit_until_it_is_stored()
    {
        await using var redis = await StartRedisAsync();
        using var journal = new TemporaryDirectory();
        await using var world = await World.StartAsync(redis.Store.ConnectionString, settings: [Journals.Setting(journal)]);
        await world.Gateway.ConnectAsync("demo");
        await RotateWithoutStoreAsync(world, redis);

        var file = Assert.Single(journal.Names());
        Assert.Matches("^demo\\.[0-9a-f]{32}\\.rotation$", file);
        using var ready = await world.Gateway.Management.GetAsync("/health/ready");
        Assert.Contains("are in the journal", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // A shutdown that takes too long.
        await world.Gateway.Services.GetRequiredService<UnsavedRotations>().StopAsync(new CancellationToken(canceled: true));
        Assert.Single(world.Gateway.Log.Lines, line => line.Contains("The process ends before", StringComparison.Ordinal) && line.Contains($"It is in the journal, in {Path.Combine(journal.Path, file)}", StringComparison.Ordinal));

        await redis.Store.RestartAsync();
        await Eventually.TrueAsync(async () => await world.Gateway.MetricAsync(Journals.Unsaved) == 0, "the store takes it");
        Assert.Empty(journal.Names());
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
    }

    [Fact]
    public async Task A_pair_that_the_journal_does_not_take_is_served_all_the_same_and_written_when_the_journal_is_back()
    {
        await using var redis = await StartRedisAsync();
        using var journal = new TemporaryDirectory();
        await using var world = await World.StartAsync(redis.Store.ConnectionString, settings: [Journals.Setting(journal)]);
        await world.Gateway.ConnectAsync("demo");
        Directory.Delete(journal.Path);
        await File.WriteAllTextAsync(journal.Path, "no directory");
        await RotateWithoutStoreAsync(world, redis);

        using (var ready = await world.Gateway.Management.GetAsync("/health/ready"))
        {
            Assert.Contains("held in this process only", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        File.Delete(journal.Path);
        await Eventually.TrueAsync(() => Directory.Exists(journal.Path) && journal.Names().Any(name => name.EndsWith(".rotation", StringComparison.Ordinal)), "the journal has the pair");
        await redis.Store.RestartAsync();
        await Eventually.TrueAsync(() => journal.Names().Length == 0, "the store takes it");
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
    }

    [Fact]
    public async Task A_replay_waits_for_the_store_and_the_start_does_not_wait_for_the_replay()
    {
        await using var redis = await StartRedisAsync();
        using var journal = new TemporaryDirectory();
        await using var world = await World.StartAsync(redis.Store.ConnectionString, settings: [Journals.Setting(journal)]);
        await world.Gateway.GiveAsync("demo", "first");
        await world.Gateway.LeaveAsync("demo", "second");
        await redis.Store.KillAsync();

        var next = await world.AddGatewayAsync(Journals.Setting(journal));
        Assert.Equal(1, await next.MetricAsync(Journals.Unsaved));
        using (var ready = await next.Management.GetAsync("/health/ready"))
        {
            var check = (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").EnumerateArray()
                .Single(check => check.GetProperty("name").GetString() == "unsaved-rotations");
            Assert.Equal("demo", Assert.Single(check.GetProperty("data").GetProperty("connections").EnumerateArray()).GetString());
        }

        Assert.Single(journal.Names());
        await redis.Store.RestartAsync();
        await Eventually.TrueAsync(async () => await next.MetricAsync(Journals.Unsaved) == 0, "the journal is replayed");

        Assert.Empty(journal.Names());
        var stored = await next.StoredGrantAsync("demo");
        Assert.Equal((2, "second"), (stored.Generation, stored.Pair.RefreshToken.Reveal()));
    }

    private static async Task<RunningRedis> StartRedisAsync()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");
        var directory = new TemporaryDirectory();
        return new RunningRedis(await RedisProcess.StartAsync(directory: directory.Path), directory);
    }

    private static async Task ConnectAsync(HttpClient @operator)
    {
        using var made = await @operator.PutAsJsonAsync("/api/v1/connections/demo", new { siteUrl = "https://acme.atlassian.net" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var link = await @operator.PostAsync("/api/v1/connections/demo/connect-link", null);
        using var browser = new Browser();
        var page = await browser.ConnectAsync((await link.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").Deserialize<Uri>()!);
        Assert.Equal("Connected", page.Heading);
    }

    /// <summary>Has a request rotate the connection while the store goes away. The request is served.</summary>
    private static async Task RotateWithoutStoreAsync(World world, RunningRedis redis)
    {
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        await DelayNextAnswerAsync(world);
        var waiting = world.Gateway.App.GetAsync(Pages);
        await Eventually.TrueAsync(async () => (await world.GrantAsync()).Exchanges == 1, "the token is spent");
        await redis.Store.KillAsync();
        using var served = await waiting;
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    // Long enough for the store to go away between the exchange and its commit.
    private static Task<string> DelayNextAnswerAsync(World world) => world.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token)
    {
        Phase = FaultPhase.AfterSpend,
        Duration = TimeSpan.FromSeconds(3),
        Times = 1,
    });

    /// <summary>A Redis whose directory goes after it.</summary>
    private sealed record RunningRedis(RedisProcess Store, TemporaryDirectory Directory) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            Directory.Dispose();
        }
    }
}
