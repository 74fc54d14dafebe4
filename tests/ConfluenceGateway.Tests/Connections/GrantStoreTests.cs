using System.Security.Cryptography;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>Who may write what of a grant, whatever order things arrive in.</summary>
public sealed class GrantStoreTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task A_commit_on_the_stored_token_is_the_next_generation(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        var second = Pairs.Of("second");

        Assert.Equal(2, await grants.CommitAsync(Id, Exchange(first), second, afterRejection: false));

        var stored = await world.Gateway.StoredGrantAsync("demo");
        Assert.Equal("second", stored.Pair.RefreshToken.Reveal());
        Assert.Equal(second.ExpiresAt, stored.Pair.ExpiresAt, TimeSpan.FromMilliseconds(1));
    }

    [Theory, EveryStore]
    public async Task A_commit_on_a_token_that_is_no_longer_stored_changes_nothing(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        await grants.CommitAsync(Id, Exchange(first), Pairs.Of("winner"), afterRejection: false);

        Assert.Null(await grants.CommitAsync(Id, Exchange(first), Pairs.Of("loser"), afterRejection: false));

        Assert.Equal("winner", (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal());
    }

    [Theory, EveryStore]
    public async Task A_commit_whose_answer_was_lost_can_be_sent_again(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        var second = Pairs.Of("second");

        Assert.Equal(2, await grants.CommitAsync(Id, Exchange(first), second, afterRejection: false));
        Assert.Equal(2, await grants.CommitAsync(Id, Exchange(first), second, afterRejection: false));

        Assert.Equal(2, (await world.Gateway.StoredGrantAsync("demo")).Generation);
    }

    [Theory, EveryStore]
    public async Task A_success_heals_a_death_that_was_noted_in_between(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        Assert.True(await grants.MarkDeadAsync(Id, first.RefreshToken, 1, Death()));

        Assert.Equal(2, await grants.CommitAsync(Id, Exchange(first), Pairs.Of("second"), afterRejection: false));

        Assert.Null((await world.Gateway.StoredGrantAsync("demo")).Death);
    }

    [Theory, EveryStore]
    public async Task A_loser_never_marks_the_winners_grant(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        await grants.CommitAsync(Id, Exchange(first), Pairs.Of("winner"), afterRejection: false);

        Assert.False(await grants.MarkDeadAsync(Id, first.RefreshToken, 1, Death()));

        Assert.Null((await world.Gateway.StoredGrantAsync("demo")).Death);
    }

    [Theory, EveryStore]
    public async Task A_death_keeps_its_reason_evidence_and_time(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);

        await grants.MarkDeadAsync(Id, first.RefreshToken, 1, Death());

        Assert.Equal(Death(), (await world.Gateway.StoredGrantAsync("demo")).Death);
    }

    [Theory, EveryStore]
    public async Task Nothing_is_stored_for_a_connection_that_is_gone(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        var connections = world.Gateway.Services.GetRequiredService<ConnectionStore>();
        Assert.Equal(DeleteOutcome.Deleted, await connections.DeleteAsync(Id));

        Assert.Null(await grants.CommitAsync(Id, Exchange(first), Pairs.Of("late"), afterRejection: false));
        Assert.Null(await grants.ReplaceAsync(Id, Pairs.Of("late"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net"));

        var keys = world.Gateway.Services.GetRequiredService<RedisKeys>();
        var redis = world.Gateway.Services.GetRequiredService<RedisConnection>().Database;
        Assert.Equal(0, await redis.KeyExistsAsync([keys.Connection("demo"), keys.Grant("demo")]));
    }

    [Theory, EveryStore]
    public async Task A_new_consent_is_the_next_generation_and_heals_a_death(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);
        await grants.MarkDeadAsync(Id, first.RefreshToken, 1, Death());

        Assert.Equal(2, await grants.ReplaceAsync(Id, Pairs.Of("again"), "other-app", "other account", World.AcmeCloudId, "https://acme.atlassian.net"));

        var stored = await world.Gateway.StoredGrantAsync("demo");
        Assert.Equal((2, "again", "other-app", "other account"), (stored.Generation, stored.Pair.RefreshToken.Reveal(), stored.ClientId, stored.AccountId));
        Assert.Null(stored.Death);
    }

    [Theory, EveryStore]
    public async Task A_consent_pins_the_site_it_was_given_for(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, _) = await WithGrantAsync(world);

        await grants.ReplaceAsync(Id, Pairs.Of("again"), World.ClientId, null, World.GlobexCloudId, "https://globex.atlassian.net");

        var connection = (await world.Gateway.Services.GetRequiredService<ConnectionStore>().ReadAsync(Id))!.Connection;
        Assert.Equal((World.GlobexCloudId, "https://globex.atlassian.net"), (connection.CloudId, connection.SiteUrl));
    }

    [Theory, EveryStore]
    public async Task A_commit_remembers_whether_it_followed_a_rejection_and_a_consent_forgets_it(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, first) = await WithGrantAsync(world);

        await grants.CommitAsync(Id, Exchange(first), Pairs.Of("second"), afterRejection: true);
        Assert.True((await world.Gateway.StoredGrantAsync("demo")).AfterRejection);

        await grants.ReplaceAsync(Id, Pairs.Of("again"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");
        Assert.False((await world.Gateway.StoredGrantAsync("demo")).AfterRejection);
    }

    [Theory, EveryStore]
    public async Task A_ciphertext_copied_to_another_connection_cannot_be_read_there(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (grants, _) = await WithGrantAsync(world);
        await world.Gateway.CreateAsync("other");
        var other = ConnectionId.Parse("other", null);
        await grants.ReplaceAsync(other, Pairs.Of("others"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");
        var redis = world.Gateway.Services.GetRequiredService<RedisConnection>().Database;
        var keys = world.Gateway.Services.GetRequiredService<RedisKeys>();

        await redis.HashSetAsync(keys.Grant("other"), "ciphertext", await redis.HashGetAsync(keys.Grant("demo"), "ciphertext"));

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => world.Gateway.Services.GetRequiredService<ConnectionStore>().ReadAsync(other));
        Assert.IsType<CryptographicException>(refused.InnerException, exactMatch: false);
    }

    private static async Task<(GrantStore Grants, TokenPair First)> WithGrantAsync(World world)
    {
        await world.Gateway.CreateAsync("demo");
        var grants = world.Gateway.Services.GetRequiredService<GrantStore>();
        var first = Pairs.Of("first");
        Assert.Equal(1, await grants.ReplaceAsync(Id, first, World.ClientId, "account", World.AcmeCloudId, "https://acme.atlassian.net"));
        return (grants, first);
    }

    private static Exchange Exchange(TokenPair spent, long attempt = 1) => new(spent.RefreshToken.Fingerprint, attempt);

    private static GrantDeath Death() => new(ReauthReason.ConsentExpired, "403 unauthorized_client", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
}
