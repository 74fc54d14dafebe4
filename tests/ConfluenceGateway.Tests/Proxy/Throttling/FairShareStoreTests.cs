using ConfluenceGateway.Proxy.Throttling;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace ConfluenceGateway.Tests.Proxy.Throttling;

/// <summary>What the fair share asks of Redis, what it does without, and what Atlassian's headers change.</summary>
public sealed class FairShareStoreTests(Stores stores)
{
    private const int Quota = 1_000;
    private static readonly DateTimeOffset Noon = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _clock = new(Noon.AddMinutes(20));
    private readonly string _prefix = $"t{Guid.NewGuid():N}:";

    [Fact]
    public async Task A_request_sends_Redis_no_command_and_an_exchange_one()
    {
        RedisProcess.Require();
        await using var redis = await RedisProcess.StartAsync();
        await using var replica = Replica(redis.ConnectionString);
        // The script is known to the server from its first run on.
        replica.Send("noisy");
        await replica.FairShare.ExchangeAsync();
        await using var monitor = await RedisMonitor.StartAsync(redis.Port);

        Assert.InRange(replica.Send("noisy", 2 * Quota) + replica.Send("quiet", 10), 500, 2 * Quota);
        Assert.Empty(monitor.Commands);

        await replica.FairShare.ExchangeAsync();
        await Eventually.TrueAsync(() => monitor.Commands.Count > 0, "the exchange is seen");
        // What the script itself does is listed as by "lua".
        Assert.Contains("EVALSHA", Assert.Single(monitor.Commands, command => !command.Contains(" lua] ", StringComparison.Ordinal)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nothing_is_sent_when_nothing_was_counted_unless_somebody_is_refused()
    {
        RedisProcess.Require();
        await using var redis = await RedisProcess.StartAsync();
        await using var replica = Replica(redis.ConnectionString);
        replica.Send("noisy", 700);
        await replica.FairShare.ExchangeAsync();
        await using var monitor = await RedisMonitor.StartAsync(redis.Port);

        await replica.FairShare.ExchangeAsync();
        await replica.Database.PingAsync();
        Assert.Empty(monitor.Commands);

        replica.Hear(Quota, remaining: 100, left: TimeSpan.FromMinutes(40));
        await replica.FairShare.ExchangeAsync();
        await Eventually.TrueAsync(() => monitor.Commands.Any(command => command.Contains("EVALSHA", StringComparison.OrdinalIgnoreCase)), "the exchange is seen");
    }

    [Fact]
    public async Task Without_the_store_a_replica_goes_on_with_what_it_knows_and_warns_once()
    {
        RedisProcess.Require();
        await using var redis = await RedisProcess.StartAsync();
        await using var replica = Replica(redis.ConnectionString);
        replica.Send("noisy", 600);
        Assert.True(replica.Send("quiet"));
        await replica.FairShare.ExchangeAsync();

        await redis.KillAsync();
        for (var outage = 0; outage < 3; outage++)
        {
            Assert.True(replica.Send("noisy"));
            await replica.FairShare.ExchangeAsync();
        }

        Assert.Equal(Quota * 4 / 5 - 604, replica.Send("noisy", Quota));
        Assert.True(replica.Send("quiet"));
        Assert.Equal(1, Lines(replica, "cannot be added up"));

        // With nothing on disk: what was told before the outage is gone there, and not here.
        await redis.RestartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await replica.FairShare.ExchangeAsync();
                return Lines(replica, "is added up again") == 1;
            },
            "the store is back");
        Assert.Equal((1, Quota * 4 / 5 + 1 - 601), (Lines(replica, "cannot be added up"), await replica.StoredAsync(Noon)));
        Assert.False(replica.Send("noisy"));
        Assert.True(replica.Send("quiet"));
    }

    [Fact]
    public async Task Atlassian_knows_better_how_much_is_used()
    {
        await using var replica = Replica(stores.ConnectionString(StoreKind.Embedded));
        replica.Send("noisy", 300);
        Assert.True(replica.Send("quiet", 9) == 9 && replica.Send("quiet-2") && replica.Send("noisy"));

        replica.Hear(600, remaining: 120, left: TimeSpan.FromMinutes(40));

        Assert.False(replica.Send("noisy"));
        Assert.True(replica.Send("quiet"));

        // Less used than was counted here is no reason to believe it.
        replica.Hear(380, remaining: 380, left: TimeSpan.FromMinutes(40));
        Assert.False(replica.Send("noisy"));
    }

    [Fact]
    public async Task Atlassian_knows_better_when_the_window_ends()
    {
        await using var replica = Replica(stores.ConnectionString(StoreKind.Embedded));
        Assert.True(replica.Send("quiet"));
        Assert.Equal(799, replica.Send("noisy", Quota));

        replica.Hear(Quota, remaining: 200, left: TimeSpan.FromMinutes(5));
        await replica.FairShare.ExchangeAsync();
        Assert.Equal(TimeSpan.FromMinutes(5), replica.Refusal("noisy"));
        Assert.Equal(800, await replica.StoredAsync(Noon));

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(replica.Send("quiet"));
        Assert.Equal(799, replica.Send("noisy", Quota));
        await replica.FairShare.ExchangeAsync();
        Assert.Equal(TimeSpan.FromHours(1), replica.Refusal("noisy"));
        Assert.Equal(800, await replica.StoredAsync(Noon.AddMinutes(25)));
    }

    private QuotaReplica Replica(string connectionString) => new(connectionString, _prefix, _clock, FairShareMode.Enforce, Quota);

    private static int Lines(QuotaReplica replica, string text) => replica.Log.Lines.Count(line => line.Contains(text, StringComparison.Ordinal));
}
