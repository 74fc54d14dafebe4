using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Tokens;

/// <summary>What becomes of the journal of a killed process when a gateway starts.</summary>
public sealed class JournalReplayTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task Every_pair_that_was_left_behind_is_stored_by_the_next_start(StoreKind store)
    {
        using var directory = new TemporaryDirectory();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: [Journals.Setting(directory)]);
        string[] ids = ["one", "two", "three"];
        foreach (var id in ids)
        {
            await world.Gateway.GiveAsync(id, $"the first of {id}");
            await world.Gateway.LeaveAsync(id, $"the second of {id}");
        }

        Assert.Equal(3, directory.Names().Length);
        var next = await world.AddGatewayAsync(Journals.Setting(directory));
        await ReplayedAsync(next);

        Assert.Empty(directory.Names());
        foreach (var id in ids)
        {
            var stored = await next.StoredGrantAsync(id);
            Assert.Equal((2, $"the second of {id}"), (stored.Generation, stored.Pair.RefreshToken.Reveal()));
        }
    }

    [Theory, EveryStore]
    public async Task A_pair_that_was_overtaken_is_dropped_and_the_newer_one_stays(StoreKind store)
    {
        using var directory = new TemporaryDirectory();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: [Journals.Setting(directory)]);
        await world.Gateway.ConnectAsync("demo");
        await world.Gateway.LeaveAsync("demo", "the overtaken one");
        await world.Gateway.RefreshAsync("demo");

        var next = await world.AddGatewayAsync(Journals.Setting(directory));
        await ReplayedAsync(next);

        Assert.Empty(directory.Names());
        await world.AssertNewestIsStoredAsync(next, "demo");
        Assert.Equal(2, (await next.StoredGrantAsync("demo")).Generation);
        Assert.Equal(1, await next.MetricAsync("confluence_gateway_commit_conflicts_total"));
    }

    [Theory, EveryStore]
    public async Task A_connection_made_again_owes_nothing_to_the_one_before(StoreKind store)
    {
        using var directory = new TemporaryDirectory();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: [Journals.Setting(directory)]);
        await world.Gateway.GiveAsync("demo", "the first life");
        await world.Gateway.GiveAsync("gone", "the only life");
        await world.Gateway.LeaveAsync("demo", "the first life, rotated");
        await world.Gateway.LeaveAsync("gone", "the only life, rotated");
        var connections = world.Gateway.Services.GetRequiredService<ConnectionStore>();
        Assert.Equal(DeleteOutcome.Deleted, await connections.DeleteAsync(Id));
        Assert.Equal(DeleteOutcome.Deleted, await connections.DeleteAsync(ConnectionId.Parse("gone", null)));
        await world.Gateway.GiveAsync("demo", "the second life");

        var next = await world.AddGatewayAsync(Journals.Setting(directory));
        await ReplayedAsync(next);

        Assert.Empty(directory.Names());
        var stored = await next.StoredGrantAsync("demo");
        Assert.Equal((1, "the second life"), (stored.Generation, stored.Pair.RefreshToken.Reveal()));
        Assert.Null(await connections.ReadAsync(ConnectionId.Parse("gone", null)));
    }

    [Theory, EveryStore]
    public async Task A_grant_that_was_marked_dead_for_the_lost_pair_lives_again(StoreKind store)
    {
        using var directory = new TemporaryDirectory();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: [Journals.Setting(directory)]);
        await world.Gateway.GiveAsync("demo", "the spent one");
        await world.Gateway.LeaveAsync("demo", "the lost one");
        var spent = (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken;
        var death = new GrantDeath(ReauthReason.RotationLost, "refused", world.Clock.GetUtcNow());
        Assert.True(await world.Gateway.Services.GetRequiredService<GrantStore>().MarkDeadAsync(Id, spent, 2, death));

        var next = await world.AddGatewayAsync(Journals.Setting(directory));
        await ReplayedAsync(next);

        var stored = await next.StoredGrantAsync("demo");
        Assert.Null(stored.Death);
        Assert.Equal("the lost one", stored.Pair.RefreshToken.Reveal());
    }

    [Theory, EveryStore]
    public async Task Two_replicas_that_replay_one_directory_do_no_harm(StoreKind store)
    {
        using var directory = new TemporaryDirectory();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: [Journals.Setting(directory)]);
        await world.Gateway.GiveAsync("demo", "first");
        await world.Gateway.LeaveAsync("demo", "second");
        string[] settings = [.. world.Settings(), Journals.Setting(directory)];

        var both = await Task.WhenAll(TestGateway.StartAsync(settings, world.Clock), TestGateway.StartAsync(settings, world.Clock));
        await using var one = both[0];
        await using var other = both[1];
        await ReplayedAsync(one);
        await ReplayedAsync(other);

        Assert.Empty(directory.Names());
        var stored = await one.StoredGrantAsync("demo");
        Assert.Equal((2, "second"), (stored.Generation, stored.Pair.RefreshToken.Reveal()));
    }

    [Theory, EveryStore]
    public async Task An_unreadable_file_stays_and_holds_nothing_up(StoreKind store)
    {
        using var directory = new TemporaryDirectory();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: [Journals.Setting(directory)]);
        await world.Gateway.GiveAsync("demo", "first");
        await world.Gateway.LeaveAsync("demo", "second");
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "demo.bad.rotation"), "no ciphertext");

        var next = await world.AddGatewayAsync(Journals.Setting(directory));
        await ReplayedAsync(next);

        Assert.Equal(["demo.bad.rotation.unreadable"], directory.Names());
        Assert.Equal("second", (await next.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal());
    }

    private static Task ReplayedAsync(TestGateway gateway) =>
        Eventually.TrueAsync(async () => await gateway.MetricAsync(Journals.Unsaved) == 0, "the journal is replayed");
}
