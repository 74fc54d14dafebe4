using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>The notes that go before an exchange, and what they hold others back from.</summary>
public sealed class IntentTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_000);

    [Theory, EveryStore]
    public async Task An_intent_is_read_as_it_was_written_and_counts_the_attempt(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);

        Assert.True(await grants.BeginAsync(Id, first, Intent(1, Now.AddMinutes(-3))));

        var stored = await world.Gateway.StoredGrantAsync("demo");
        Assert.Equal(Intent(1, Now.AddMinutes(-3)), stored.Intent);
        Assert.Equal(1, stored.Attempts);
    }

    [Theory, EveryStore]
    public async Task Of_two_who_saw_the_same_record_one_begins(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);

        Assert.True(await grants.BeginAsync(Id, first, Intent(1)));
        Assert.False(await grants.BeginAsync(Id, first, Intent(1) with { Replica = "other" }));

        Assert.Equal("replica", (await world.Gateway.StoredGrantAsync("demo")).Intent!.Replica);
    }

    [Theory, EveryStore]
    public async Task Nobody_begins_on_a_token_that_is_no_longer_stored_or_on_a_dead_grant(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        await grants.CommitAsync(Id, new Exchange(first.Pair.RefreshToken.Fingerprint, 1), Pairs.Of("second"), afterRejection: false);
        Assert.False(await grants.BeginAsync(Id, first, Intent(1)));

        var second = await world.Gateway.StoredGrantAsync("demo");
        await grants.MarkDeadAsync(Id, second.Pair.RefreshToken, 1, Death());
        Assert.False(await grants.BeginAsync(Id, second, Intent(1)));
    }

    [Theory, EveryStore]
    public async Task A_new_pair_ends_intent_and_rest(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        await grants.BeginAsync(Id, first, Intent(1));
        await grants.EndAsync(Id, first.Pair.RefreshToken, Intent(1, Now), new Rest(3, Now));

        await grants.CommitAsync(Id, new Exchange(first.Pair.RefreshToken.Fingerprint, 1), Pairs.Of("second"), afterRejection: false);

        var stored = await world.Gateway.StoredGrantAsync("demo");
        Assert.Null(stored.Intent);
        Assert.Null(stored.Rest);
        Assert.Equal(new Exchange(first.Pair.RefreshToken.Fingerprint, 1), stored.Origin);
    }

    [Theory, EveryStore]
    public async Task An_exchange_that_was_certainly_not_sent_leaves_a_rest_and_no_intent(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        await grants.BeginAsync(Id, first, Intent(1));

        Assert.True(await grants.EndAsync(Id, first.Pair.RefreshToken, Intent(1), new Rest(2, Now.AddSeconds(2))));

        var stored = await world.Gateway.StoredGrantAsync("demo");
        Assert.Null(stored.Intent);
        Assert.Equal(new Rest(2, Now.AddSeconds(2)), stored.Rest);
    }

    [Theory, EveryStore]
    public async Task An_exchange_that_was_never_answered_leaves_its_mark(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        await grants.BeginAsync(Id, first, Intent(1));

        Assert.True(await grants.EndAsync(Id, first.Pair.RefreshToken, Intent(1, Now) with { Deadline = Now }, new Rest(1, Now)));

        Assert.Equal(Intent(1, Now) with { Deadline = Now }, (await world.Gateway.StoredGrantAsync("demo")).Intent);
    }

    [Theory, EveryStore]
    public async Task Nobody_ends_the_exchange_of_another(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        await grants.BeginAsync(Id, first, Intent(1));

        Assert.False(await grants.EndAsync(Id, first.Pair.RefreshToken, Intent(1) with { Replica = "other" }, new Rest(1, Now)));

        Assert.Equal(Intent(1), (await world.Gateway.StoredGrantAsync("demo")).Intent);
    }

    [Theory, EveryStore]
    public async Task Nobody_marks_a_grant_as_dead_while_another_exchanges_its_token(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        await grants.BeginAsync(Id, first, Intent(1));
        await grants.BeginAsync(Id, first with { Attempts = 1 }, Intent(2) with { Replica = "other", Deadline = Now.AddMinutes(1) });

        Assert.False(await grants.MarkDeadAsync(Id, first.Pair.RefreshToken, 1, Death()));
        Assert.True(await grants.MarkDeadAsync(Id, first.Pair.RefreshToken, 1, Death() with { Since = Now.AddMinutes(2) }));
    }

    [Theory, EveryStore]
    public async Task Of_two_exchanges_of_one_token_the_one_begun_later_is_kept_in_whatever_order_they_are_stored(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        var spent = first.Pair.RefreshToken.Fingerprint;

        Assert.Equal(2, await grants.CommitAsync(Id, new Exchange(spent, 2), Pairs.Of("second"), afterRejection: false));
        Assert.Null(await grants.CommitAsync(Id, new Exchange(spent, 1), Pairs.Of("first"), afterRejection: false));
        Assert.Equal("second", (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal());

        Assert.Equal(3, await grants.CommitAsync(Id, new Exchange(spent, 3), Pairs.Of("third"), afterRejection: false));
        Assert.Equal("third", (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal());
    }

    [Theory, EveryStore]
    public async Task A_pair_gives_way_to_a_later_exchange_without_an_answer_for_as_long_as_the_token_can_be_sent_again(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        var exchange = new Exchange(first.Pair.RefreshToken.Fingerprint, 1);
        await grants.BeginAsync(Id, first, Intent(1));
        await grants.BeginAsync(Id, first with { Attempts = 1 }, Intent(2) with { Replica = "other" });

        Assert.Null(await grants.CommitAsync(Id, exchange, Pairs.Of("earlier"), afterRejection: false, yields: true));
        Assert.Equal(Intent(2) with { Replica = "other" }, (await world.Gateway.StoredGrantAsync("demo")).Intent);

        Assert.Equal(2, await grants.CommitAsync(Id, exchange, Pairs.Of("earlier"), afterRejection: false, yields: false));
    }

    [Theory, EveryStore]
    public async Task Where_the_refresh_token_stays_the_same_the_later_exchange_is_kept(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        var same = first.Pair.RefreshToken;
        TokenPair With(string accessToken) => new(new Secret(accessToken), same, Now, Now.AddHours(1));

        Assert.Equal(2, await grants.CommitAsync(Id, new Exchange(same.Fingerprint, 2), With("later"), afterRejection: false));
        Assert.Null(await grants.CommitAsync(Id, new Exchange(same.Fingerprint, 1), With("earlier"), afterRejection: false));

        Assert.Equal("later", (await world.Gateway.StoredGrantAsync("demo")).Pair.AccessToken.Reveal());
    }

    private static async Task<(GrantStore Grants, Grant First)> WithGrantAsync(World world)
    {
        await world.Gateway.CreateAsync("demo");
        var grants = world.Gateway.Services.GetRequiredService<GrantStore>();
        await grants.ReplaceAsync(Id, Pairs.Of("consented"), World.ClientId, "account", World.AcmeCloudId, "https://acme.atlassian.net");
        return (grants, await world.Gateway.StoredGrantAsync("demo"));
    }

    private static Intent Intent(long attempt, DateTimeOffset? unansweredSince = null) => new(attempt, "replica", Now, Now.AddSeconds(45), unansweredSince);

    private static GrantDeath Death() => new(ReauthReason.Revoked, "403 unauthorized_client", Now);
}
