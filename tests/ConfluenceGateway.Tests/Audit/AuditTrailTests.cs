using ConfluenceGateway.Audit;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Audit;

/// <summary>The audit trail keeps what it is told, in order, up to its size and age.</summary>
public sealed class AuditTrailTests(Stores stores)
{
    private static readonly AuditFilter All = new(null, null, null, null, null);

    [Theory, EveryStore]
    public async Task Entries_of_one_millisecond_are_paged_without_a_gap_or_a_repeat(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var trail = TrailOf(world);
        var now = world.Clock.GetUtcNow();
        // More than one batch of the same moment, and some around it.
        for (var number = 0; number < 1_100; number++)
        {
            await trail.NoteAsync(Entry(number < 20 ? now.AddMilliseconds(-5) : number < 1_080 ? now : now.AddMilliseconds(5), $"entry.{number}"));
        }

        var seen = new List<AuditEntry>();
        string? cursor = null;
        do
        {
            var page = await trail.PageAsync(All, cursor, 90, CancellationToken.None);
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(1_100, seen.Count);
        Assert.Equal(1_100, seen.Select(entry => entry.Id).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(entry => entry.Id, StringComparer.Ordinal), seen);
    }

    [Theory, EveryStore]
    public async Task The_oldest_go_when_there_are_too_many_or_they_are_too_old(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, "--Audit:MaxEntries=1000", "--Audit:MaxAge=2.00:00:00");
        var trail = TrailOf(world);
        var begin = world.Clock.GetUtcNow();
        for (var number = 0; number < 1_005; number++)
        {
            await trail.NoteAsync(Entry(begin.AddMilliseconds(number), $"entry.{number}"));
        }

        var kept = await ReadAsync(trail, All);
        Assert.Equal(1_000, kept.Count);
        Assert.Equal("entry.5", kept[^1].Action);

        world.Clock.Advance(TimeSpan.FromDays(2) + TimeSpan.FromSeconds(2));
        await trail.NoteAsync(Entry(world.Clock.GetUtcNow(), "entry.new"));
        Assert.Equal("entry.new", Assert.Single(await ReadAsync(trail, All)).Action);
    }

    [Theory, EveryStore]
    public async Task An_event_that_is_told_twice_is_one_entry(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var trail = TrailOf(world);
        var told = ConnectionEvents.Read(world.Gateway.Services.GetRequiredService<ConnectionEvents>().Entry(ConnectionEvents.Paused, world.Clock.GetUtcNow()));

        await trail.ConsumeAsync("demo", told);
        await trail.ConsumeAsync("demo", told);

        var entry = Assert.Single(await ReadAsync(trail, All));
        Assert.Equal((AuditEntry.Gateway, "connection.paused", "demo"), (entry.Actor, entry.Action, entry.Subject));
    }

    [Fact]
    public async Task Each_filter_finds_what_it_names_and_nothing_else()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        var trail = TrailOf(world);
        var now = world.Clock.GetUtcNow();
        await trail.NoteAsync(Entry(now, "connection.pause", "a", "Ann"));
        await trail.NoteAsync(Entry(now.AddSeconds(1), "connection.delete", "b", "Bob"));
        await trail.NoteAsync(Entry(now.AddSeconds(2), "webhook.create", "c", "Ann"));

        async Task<IEnumerable<string?>> SubjectsAsync(AuditFilter filter) => (await ReadAsync(trail, filter)).Select(entry => entry.Subject);
        Assert.Equal(["c", "a"], await SubjectsAsync(All with { Actor = "Ann" }));
        Assert.Equal(["b", "a"], await SubjectsAsync(All with { Action = "connection." }));
        Assert.Equal(["a"], await SubjectsAsync(All with { Action = "connection.pause" }));
        Assert.Equal(["b"], await SubjectsAsync(All with { Subject = "b" }));
        Assert.Equal(["c", "b"], await SubjectsAsync(All with { From = now.AddSeconds(1) }));
        Assert.Equal(["a"], await SubjectsAsync(All with { Until = now.AddSeconds(1) }));
    }

    private static AuditTrail TrailOf(World world) => world.Gateway.Services.GetRequiredService<AuditTrail>();

    private static AuditEntry Entry(DateTimeOffset at, string action, string? subject = null, string actor = "Ann") =>
        new(AuditEntry.NewId(at), at, actor, action, subject, AuditEntry.Done, null, null, null);

    private static async Task<List<AuditEntry>> ReadAsync(AuditTrail trail, AuditFilter filter)
    {
        var entries = new List<AuditEntry>();
        await foreach (var entry in trail.ExportAsync(filter, CancellationToken.None))
        {
            entries.Add(entry);
        }

        return entries;
    }
}
