using ConfluenceGateway.Proxy.Throttling;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace ConfluenceGateway.Tests.Proxy.Throttling;

/// <summary>Two replicas and a quota of a thousand points, of which one connection wants as many as it can get.</summary>
public sealed class FairShareTests(Stores stores)
{
    private const int Quota = 1_000;
    private const string Noisy = "noisy";
    private static readonly string[] Quiet = ["quiet-1", "quiet-2", "quiet-3"];
    private static readonly DateTimeOffset Noon = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon.AddMinutes(20));
    private readonly string _prefix = $"t{Guid.NewGuid():N}:";

    [Theory, EveryStore]
    public async Task The_noisy_one_is_refused_from_four_fifths_on_and_the_quiet_ones_never(StoreKind store)
    {
        await using var first = Replica(store);
        await using var second = Replica(store);

        Assert.InRange(await SendUntilRefusedAsync(first, second), Quota * 4 / 5, Quota * 4 / 5 + 2);
        Assert.Equal((TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(40)), (first.Refusal(Noisy), second.Refusal(Noisy)));

        // What was kept is theirs, to the last point.
        for (var round = 0; round < Quota / 5 / Quiet.Length; round++)
        {
            Assert.All(Quiet, id => Assert.True((round % 2 == 0 ? first : second).Send(id)));
            await ExchangeAsync(first, second);
            Assert.False(second.Send(Noisy));
        }

        Assert.InRange((await first.StoredAsync(Noon))!.Value, Quota - Quiet.Length, Quota);
        Assert.True(Refusals(first, "enforce") > 0);
        Assert.Equal(0, Refusals(first, "observe"));
    }

    [Theory, EveryStore]
    public async Task Observed_it_is_counted_and_let_pass(StoreKind store)
    {
        await using var first = Replica(store, FairShareMode.Observe);
        await using var second = Replica(store, FairShareMode.Observe);
        Assert.True(first.Send(Noisy, 500) == 500 && second.Send(Noisy, 499) == 499 && Quiet.All(first.Send));
        await ExchangeAsync(first, second);
        await ExchangeAsync(first, second);

        Assert.True(second.Send(Noisy) && second.Send(Noisy) && Quiet.All(second.Send));

        Assert.Equal((2, 0), (Refusals(second, "observe"), Refusals(second, "enforce")));
        await ExchangeAsync(second);
        Assert.Equal(Quota + 7, await first.StoredAsync(Noon));
    }

    [Theory, EveryStore]
    public async Task A_new_window_starts_clean(StoreKind store)
    {
        await using var replica = Replica(store);
        Assert.Equal(Quota * 4 / 5, await SendUntilRefusedAsync(replica));

        _clock.Advance(TimeSpan.FromMinutes(40));

        Assert.Equal(Quota * 4 / 5, await SendUntilRefusedAsync(replica));
        Assert.Equal(Quota * 4 / 5, await replica.StoredAsync(Noon.AddHours(1)));
        Assert.Equal(Quota * 4 / 5, await replica.StoredAsync(Noon));
        Assert.InRange((await replica.Database.KeyTimeToLiveAsync(replica.Keys.Quota(QuotaReplica.ClientId, Noon)))!.Value, TimeSpan.FromMinutes(119), TimeSpan.FromHours(2));
    }

    [Theory, EveryStore]
    public async Task What_a_replica_does_not_know_yet_it_learns(StoreKind store)
    {
        await using var first = Replica(store);
        await using var second = Replica(store);
        first.Send(Noisy, 700);
        Assert.All(Quiet, id => Assert.True(first.Send(id)));
        await ExchangeAsync(first);

        Assert.True(second.Send(Noisy));
        await ExchangeAsync(second);

        // 704 are used; the 97th from here is one too many.
        Assert.Equal(96, second.Send(Noisy, 200));
    }

    [Theory, EveryStore]
    public async Task Replicas_exchange_by_themselves_every_five_seconds(StoreKind store)
    {
        await using var replica = Replica(store);
        await replica.FairShare.StartAsync(TestContext.Current.CancellationToken);
        replica.Send(Noisy, 3);

        await Eventually.TrueAsync(
            async () =>
            {
                // The host starts the service's loop behind, so its timer may come after the first of these.
                _clock.Advance(TimeSpan.FromSeconds(5));
                return await replica.StoredAsync(Noon, Noisy) == 3;
            },
            "it is told");
        await replica.FairShare.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory, EveryStore]
    public async Task Turned_off_it_does_nothing(StoreKind store)
    {
        await using var replica = Replica(store, FairShareMode.Off);

        Assert.Equal(2 * Quota, replica.Send(Noisy, 2 * Quota));
        await ExchangeAsync(replica);

        Assert.Null(await replica.StoredAsync(Noon));
        Assert.Equal((0, 0), (Refusals(replica, "observe"), Refusals(replica, "enforce")));
    }

    [Fact]
    public async Task A_request_costs_no_memory()
    {
        await using var replica = Replica(StoreKind.Embedded);
        Assert.True(replica.Send(Noisy));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < Quota / 2; call++)
        {
            replica.Send(Noisy);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private QuotaReplica Replica(StoreKind store, FairShareMode mode = FairShareMode.Enforce) => new(stores.ConnectionString(store), _prefix, _clock, mode, Quota);

    /// <summary>The quiet ones send one request each, the noisy one as many as it may; the replicas take turns. Gives how many points were used in all.</summary>
    private static async Task<int> SendUntilRefusedAsync(params QuotaReplica[] replicas)
    {
        var used = 0;
        foreach (var id in Quiet)
        {
            Assert.True(replicas[0].Send(id));
            used++;
        }

        while (true)
        {
            foreach (var replica in replicas)
            {
                await ExchangeAsync(replicas);
                if (!replica.Send(Noisy))
                {
                    return used;
                }

                used++;
            }
        }
    }

    private static async Task ExchangeAsync(params QuotaReplica[] replicas)
    {
        foreach (var replica in replicas)
        {
            await replica.FairShare.ExchangeAsync();
        }
    }

    private static double Refusals(QuotaReplica replica, string mode) => replica.Metrics.FairShareRefusals.WithLabels(mode).Value;
}
