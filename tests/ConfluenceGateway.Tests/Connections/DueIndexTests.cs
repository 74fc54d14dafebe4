using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>A look may come too early and never too late.</summary>
public sealed class DueIndexTests(Stores stores)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task What_is_due_is_claimed_once_and_again_when_the_lease_ends(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var due = DueOf(world);
        var now = world.Clock.GetUtcNow();
        await due.NoteAsync(ConnectionId.Parse("later", null), now.AddHours(1));
        for (var each = 0; each < 5; each++)
        {
            await due.NoteAsync(ConnectionId.Parse($"c{each}", null), now.AddSeconds(-10 + each));
        }

        Assert.Equal(["c0", "c1", "c2"], IdsOf(await due.ClaimAsync(Lease, 3)));
        Assert.Equal(["c3", "c4"], IdsOf(await due.ClaimAsync(Lease, 3)));
        Assert.Empty(await due.ClaimAsync(Lease, 3));

        world.Clock.Advance(Lease + TimeSpan.FromSeconds(1));
        Assert.Equal(5, (await due.ClaimAsync(Lease, 10)).Count);
    }

    [Theory, EveryStore]
    public async Task A_note_makes_a_look_earlier_and_never_later(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var now = DateTimeOffset.FromUnixTimeMilliseconds(world.Clock.GetUtcNow().ToUnixTimeMilliseconds());

        await DueOf(world).NoteAsync(Id, now.AddHours(2));
        await DueOf(world).NoteAsync(Id, now.AddHours(1));
        Assert.Equal(now.AddHours(1), await world.Gateway.DueAsync("demo"));

        await DueOf(world).NoteAsync(Id, now.AddHours(3));
        Assert.Equal(now.AddHours(1).AddMilliseconds(-1), await world.Gateway.DueAsync("demo"));
    }

    [Theory, EveryStore]
    public async Task A_look_does_not_put_off_what_was_noted_while_it_looked(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var due = DueOf(world);
        var now = world.Clock.GetUtcNow();
        await due.NoteAsync(Id, now);
        var looking = Assert.Single(await due.ClaimAsync(Lease, 1));

        await due.NoteAsync(Id, now.AddDays(1));

        Assert.False(await due.MoveAsync(looking, now.AddDays(10)));
        Assert.False(await due.MoveAsync(looking, null));
        Assert.True(await world.Gateway.DueAsync("demo") <= now + Lease + TimeSpan.FromSeconds(1));
    }

    [Theory, EveryStore]
    public async Task A_look_that_nothing_came_between_sets_the_next_one_or_the_last(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var due = DueOf(world);
        var later = DateTimeOffset.FromUnixTimeMilliseconds(world.Clock.GetUtcNow().AddDays(10).ToUnixTimeMilliseconds());
        await due.NoteAsync(Id, world.Clock.GetUtcNow());

        Assert.True(await due.MoveAsync(Assert.Single(await due.ClaimAsync(Lease, 1)), later));
        Assert.Equal(later, await world.Gateway.DueAsync("demo"));

        world.Clock.Advance(TimeSpan.FromDays(11));
        Assert.True(await due.MoveAsync(Assert.Single(await due.ClaimAsync(Lease, 1)), null));
        Assert.Null(await world.Gateway.DueAsync("demo"));
    }

    [Theory, EveryStore]
    public async Task A_write_that_was_held_up_past_its_look_is_looked_at_again(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var due = DueOf(world);

        await due.WriteAsync(Id, null, async () =>
        {
            world.Clock.Advance(TimeSpan.FromMinutes(2));
            return await due.MoveAsync(Assert.Single(await due.ClaimAsync(Lease, 1)), null);
        });

        Assert.Equal(["demo"], IdsOf(await due.ClaimAsync(Lease, 1)));
    }

    [Theory, EveryStore]
    public async Task A_connection_is_due_soon_after_it_got_a_grant_and_at_the_deadline_of_an_exchange(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        Assert.Null(await world.Gateway.DueAsync("demo"));

        await world.Gateway.ReplaceAsync("demo");
        Assert.True(await world.Gateway.DueAsync("demo") <= world.Clock.GetUtcNow().AddMinutes(1));

        await world.PassAsync(TimeSpan.FromMinutes(2));
        Assert.True(await world.Gateway.DueAsync("demo") > world.Clock.GetUtcNow().AddDays(10));

        var now = world.Clock.GetUtcNow();
        var intent = new Intent(1, "replica", now, now.AddSeconds(45), UnansweredSince: null);
        Assert.True(await world.Gateway.Services.GetRequiredService<GrantStore>().BeginAsync(Id, await world.Gateway.StoredGrantAsync("demo"), intent));
        Assert.Equal(intent.Deadline, (await world.Gateway.DueAsync("demo"))!.Value, TimeSpan.FromMilliseconds(1));
    }

    private static DueIndex DueOf(World world) => world.Gateway.Services.GetRequiredService<DueIndex>();

    private static IEnumerable<string> IdsOf(IEnumerable<DueConnection> claimed) => claimed.Select(one => one.Id.Value);
}
