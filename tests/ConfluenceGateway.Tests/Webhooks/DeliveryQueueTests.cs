using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>What waits for an endpoint. The queues here tell no sender, so nothing is delivered but by hand.</summary>
public sealed class DeliveryQueueTests(Stores stores)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly Attempt.Delivered Success = new(200);

    [Theory, EveryStore]
    public async Task The_first_event_of_a_subject_holds_back_the_later_ones_of_that_subject_alone(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (queue, endpoint) = await QueueAsync(world);
        await QueueEventsAsync(world, queue, endpoint, "acme", "acme-2", "acme", "@app", "acme");

        var first = await queue.ClaimAsync(endpoint, Lease, 8);
        Assert.Equal(["@app e3", "acme e0", "acme-2 e1"], Names(first));
        Assert.Empty(await queue.ClaimAsync(endpoint, Lease, 8));

        Assert.True(await FinishAsync(world, queue, first.Single(one => one.Place.Subject == "acme"), new Attempt.Failed("500", null)));
        Assert.Empty(await queue.ClaimAsync(endpoint, Lease, 8));
        world.Clock.Advance(TimeSpan.FromSeconds(6));
        var retried = Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8));
        Assert.Equal(("e0", 1), (retried.Place.EventId, retried.Delivery.Attempts));

        Assert.True(await FinishAsync(world, queue, retried, Success));
        var second = Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8));
        Assert.Equal("e2", second.Place.EventId);
        Assert.True(await FinishAsync(world, queue, second, Success));
        Assert.Equal("e4", Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8)).Place.EventId);
    }

    [Theory, EveryStore]
    public async Task An_event_is_queued_once_even_after_it_was_delivered(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (queue, endpoint) = await QueueAsync(world);
        await QueueEventsAsync(world, queue, endpoint, "acme");
        await QueueEventsAsync(world, queue, endpoint, "acme");
        Assert.True(await FinishAsync(world, queue, Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8)), Success));
        await QueueEventsAsync(world, queue, endpoint, "acme");

        Assert.Empty(await queue.ClaimAsync(endpoint, Lease, 8));
        Assert.Null(await queue.NextAsync(endpoint));
        Assert.Equal(DeliveryStatus.Delivered, Assert.Single(await queue.ListAsync(endpoint, null, 10)).Delivery.Status);
    }

    [Theory, EveryStore]
    public async Task A_claim_that_its_replica_does_not_finish_is_taken_over_when_it_ends(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (queue, endpoint) = await QueueAsync(world);
        await QueueEventsAsync(world, queue, endpoint, "acme", "acme");
        var lost = Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8));
        Assert.Equal(lost.Again, (await queue.NextAsync(endpoint))!.Value.ToUnixTimeMilliseconds());

        world.Clock.Advance(Lease + TimeSpan.FromSeconds(1));
        var taken = Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8));

        Assert.Equal(lost.Place, taken.Place);
        Assert.Equal(lost.Payload, taken.Payload);
        Assert.False(await FinishAsync(world, queue, lost, Success));
        Assert.Equal(DeliveryStatus.Waiting, (await queue.ListAsync(endpoint, null, 10))[1].Delivery.Status);
        Assert.True(await FinishAsync(world, queue, taken, Success));
        Assert.Equal("e1", Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8)).Place.EventId);
    }

    [Theory, EveryStore]
    public async Task A_replayed_event_goes_behind_what_waits_and_a_waiting_one_is_tried_now(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (queue, endpoint) = await QueueAsync(world);
        await QueueEventsAsync(world, queue, endpoint, "acme", "acme");
        Assert.True(await FinishAsync(world, queue, Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8)), Success));

        Assert.Equal(0, (await queue.ReplayAsync(endpoint, "e0"))!.Delivery.Attempts);
        Assert.Equal(["e0", "e1"], (await queue.ListAsync(endpoint, null, 10)).Select(one => one.Place.EventId));
        var next = Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8));
        Assert.Equal("e1", next.Place.EventId);
        Assert.True(await FinishAsync(world, queue, next, new Attempt.Failed("500", TimeSpan.FromHours(3))));
        Assert.Empty(await queue.ClaimAsync(endpoint, Lease, 8));

        Assert.Equal(1, (await queue.ReplayAsync(endpoint, "e1"))!.Delivery.Attempts);
        Assert.True(await FinishAsync(world, queue, Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8)), Success));
        var again = Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8));
        Assert.Equal(("e0", "payload 0"), (again.Place.EventId, System.Text.Encoding.UTF8.GetString(again.Payload!)));
        Assert.Null(await queue.ReplayAsync(endpoint, "e9"));
    }

    [Theory, EveryStore]
    public async Task What_waits_for_30_days_is_dropped_for_what_comes(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (queue, endpoint) = await QueueAsync(world);
        await QueueEventsAsync(world, queue, endpoint, "acme", "acme", "gone");
        Assert.True(await FinishAsync(world, queue, (await queue.ClaimAsync(endpoint, Lease, 8))[0], Success));
        world.Clock.Advance(DeliveryQueue.Life + TimeSpan.FromSeconds(1));

        var queued = await queue.EnqueueAsync(endpoint, "new", Event(world, "late"), []);

        Assert.Equal(2, queued.Dropped.Count);
        Assert.Equal("late", Assert.Single(await queue.ListAsync(endpoint, null, 10)).Place.EventId);
        Assert.Equal(["new late"], Names(await queue.ClaimAsync(endpoint, Lease, 8)));
        Assert.Null(await queue.ReplayAsync(endpoint, "e0"));
    }

    [Theory, EveryStore]
    public async Task The_newest_10000_events_are_kept(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (queue, endpoint) = await QueueAsync(world);
        var (database, keys) = (world.Gateway.Database(), world.Gateway.Services.GetRequiredService<RedisKeys>().WebhookQueue(endpoint));
        var places = Enumerable.Range(0, DeliveryQueue.Most - 1).Select(number => new DeliveryPlace($"c{number}", $"{(world.Clock.GetUtcNow().ToUnixTimeMilliseconds() - 60_000) * 1000 + number}", $"e{number}")).ToArray();
        var stored = new Delivery(ConnectionEvents.Paused, world.Clock.GetUtcNow()).Write();
        await database.SortedSetAddAsync(keys[1], [.. places.Select(place => new SortedSetEntry(place.Subject, 0))]);
        await database.SortedSetAddAsync(keys[2], [.. places.Select(place => new SortedSetEntry(place.ToString(), 0))]);
        await database.SortedSetAddAsync(keys[3], [.. places.Select(place => new SortedSetEntry(place.ToString(), double.Parse(place.Number, null)))]);
        await database.HashSetAsync(keys[4], [.. places.Select(place => new HashEntry(place.EventId, $"{place} {stored}"))]);
        await database.HashSetAsync(keys[5], [.. places.Select(place => new HashEntry(place.EventId, "payload"))]);

        var dropped = 0;
        for (var number = DeliveryQueue.Most; number < DeliveryQueue.Most + 5; number++)
        {
            dropped += (await queue.EnqueueAsync(endpoint, $"c{number}", Event(world, $"e{number}"), [])).Dropped.Count;
        }

        Assert.Equal(4, dropped);
        Assert.Null(await queue.ReplayAsync(endpoint, "e3"));
        Assert.NotNull(await queue.ReplayAsync(endpoint, "e4"));
        var lengths = keys[1..4].Select(key => database.SortedSetLengthAsync(key)).Concat(keys[4..].Select(key => database.HashLengthAsync(key)));
        Assert.All(await Task.WhenAll(lengths), length => Assert.Equal(DeliveryQueue.Most, length));
        Assert.All(await Task.WhenAll(keys[1..].Select(key => database.KeyTimeToLiveAsync(key))), life => Assert.InRange(life!.Value, TimeSpan.FromDays(29), DeliveryQueue.Life));
    }

    [Theory, EveryStore]
    public async Task An_endpoint_that_is_disabled_or_deleted_takes_nothing(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (queue, endpoint) = await QueueAsync(world);
        await QueueEventsAsync(world, queue, endpoint, "acme");
        var claimed = Assert.Single(await queue.ClaimAsync(endpoint, Lease, 8));
        var endpoints = world.Gateway.Services.GetRequiredService<WebhookEndpointStore>();

        Assert.True(await endpoints.DisableAsync(endpoint));
        Assert.False((await queue.EnqueueAsync(endpoint, "acme", Event(world, "e1"), [])).Taken);
        Assert.True(await endpoints.DeleteAsync(endpoint));
        Assert.False((await queue.EnqueueAsync(endpoint, "acme", Event(world, "e2"), [])).Taken);
        Assert.False(await FinishAsync(world, queue, claimed, new Attempt.Failed("500", null)));

        var database = world.Gateway.Database();
        Assert.All(world.Gateway.Services.GetRequiredService<RedisKeys>().WebhookQueue(endpoint), key => Assert.False(database.KeyExists(key)));
    }

    private static async Task<(DeliveryQueue Queue, string Endpoint)> QueueAsync(World world)
    {
        var services = world.Gateway.Services;
        var made = await services.GetRequiredService<WebhookEndpointStore>().CreateAsync(new EndpointEdit("https://example.com/", null, null, null));
        return (ActivatorUtilities.CreateInstance<DeliveryQueue>(services), made!.Value.Id);
    }

    // Events e0, e1, … about these subjects.
    private static async Task QueueEventsAsync(World world, DeliveryQueue queue, string endpoint, params string[] subjects)
    {
        for (var number = 0; number < subjects.Length; number++)
        {
            var queued = await queue.EnqueueAsync(endpoint, subjects[number], Event(world, $"e{number}"), System.Text.Encoding.UTF8.GetBytes($"payload {number}"));
            Assert.True(queued.Taken);
            Assert.Empty(queued.Dropped);
        }
    }

    private static ConnectionEvent Event(World world, string id) => new(id, ConnectionEvents.Paused, world.Clock.GetUtcNow(), null, null);

    private static Task<bool> FinishAsync(World world, DeliveryQueue queue, ClaimedDelivery claimed, Attempt attempt) =>
        queue.FinishAsync(claimed, claimed.Delivery.After(attempt, world.Clock.GetUtcNow(), TimeSpan.Zero, 0));

    private static IEnumerable<string> Names(IEnumerable<ClaimedDelivery> claimed) => claimed.Select(one => $"{one.Place.Subject} {one.Place.EventId}").Order(StringComparer.Ordinal);
}
