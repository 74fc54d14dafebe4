using System.Net;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>A refresh token was sent and the answer did not come, or its receiver is gone.</summary>
public sealed class LostAnswerTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task An_answer_that_was_lost_after_the_token_was_spent_costs_nothing(StoreKind store)
    {
        await using var world = await ExpiredAsync(store);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.DropAfterSpend, FaultEndpoint.Token) { Times = 1 });

        await AssertUnavailableAsync(world.Gateways[0]);
        var marked = await world.Gateway.StoredGrantAsync("demo");
        Assert.NotNull(marked.Intent!.UnansweredSince);
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        using var answer = await world.Gateways[1].App.GetAsync(Pages);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
        Assert.Equal(1, await world.Gateways[1].MetricAsync("confluence_gateway_intent_recoveries_total{outcome=\"recovered\"}"));
    }

    [Theory, EveryStore]
    public async Task Sent_again_too_late_the_rotation_is_lost_and_the_401_says_so(StoreKind store)
    {
        await using var world = await ExpiredAsync(store);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.DropAfterSpend, FaultEndpoint.Token) { Times = 1 });
        await AssertUnavailableAsync(world.Gateways[0]);

        await world.AdvanceAsync(TimeSpan.FromMinutes(11));
        using var answer = await world.Gateways[1].App.GetAsync(Pages);

        var problem = await answer.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
        Assert.Equal("rotation_lost", problem.GetProperty("reason").GetString());
        Assert.StartsWith("no answer to the exchange begun at ", problem.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Equal("rotation_lost", (await world.Gateway.ShowAsync("demo")).GetProperty("reason").GetString());
    }

    [Theory, EveryStore]
    public async Task A_refusal_that_proves_the_token_unspent_leaves_no_mark(StoreKind store)
    {
        await using var world = await ExpiredAsync(store);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 429, Times = 1 });

        await AssertUnavailableAsync(world.Gateway);

        var stored = await world.Gateway.StoredGrantAsync("demo");
        Assert.Null(stored.Intent);
        Assert.Equal(1, stored.Rest!.Failures);
    }

    [Theory, EveryStore]
    public async Task After_a_failure_every_replica_rests(StoreKind store)
    {
        await using var world = await ExpiredAsync(store);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 503 });

        foreach (var gateway in world.Gateways.Concat(world.Gateways))
        {
            await AssertUnavailableAsync(gateway);
        }

        Assert.Equal(1, (await world.GrantAsync()).Attempts);
    }

    [Theory, EveryStore]
    public async Task An_exchange_of_another_replica_is_waited_for_until_its_deadline_and_then_recovered(StoreKind store)
    {
        await using var world = await ExpiredAsync(store);
        // Another replica has written its intent, lost its lock, and is gone.
        var grant = await world.Gateway.StoredGrantAsync("demo");
        var now = world.Clock.GetUtcNow();
        await world.Gateway.Services.GetRequiredService<GrantStore>()
            .BeginAsync(Id, grant, new Intent(1, "gone", now, now.AddSeconds(45), UnansweredSince: null));

        var waiting = world.Gateway.App.GetAsync(Pages);
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(0, (await world.GrantAsync()).Attempts);
        world.Clock.Advance(TimeSpan.FromSeconds(44));
        using var answer = await waiting;

        Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        await Eventually.TrueAsync(async () => (await world.Gateway.StoredGrantAsync("demo")).Generation == 2, "the exchange is recovered");
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_intent_recoveries_total{outcome=\"recovered\"}"));
    }

    [Theory, EveryStore]
    public async Task An_exchange_of_another_replica_that_ends_well_is_adopted(StoreKind store)
    {
        await using var world = await ExpiredAsync(store);
        var grants = world.Gateway.Services.GetRequiredService<GrantStore>();
        var grant = await world.Gateway.StoredGrantAsync("demo");
        var now = world.Clock.GetUtcNow();
        await grants.BeginAsync(Id, grant, new Intent(1, "slow", now, now.AddSeconds(45), UnansweredSince: null));

        var waiting = world.Gateway.App.GetAsync(Pages);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        var pair = new TokenPair(grant.Pair.AccessToken, new Secret("rt-of-the-slow-one"), now, now.AddHours(1));
        Assert.Equal(2, await grants.CommitAsync(Id, new Exchange(grant.Pair.RefreshToken.Fingerprint, 1), pair, afterRejection: false));
        await Eventually.TrueAsync(async () => await world.Gateway.MetricAsync("confluence_gateway_token_refreshes_total{trigger=\"expired\",outcome=\"adopted\"}") == 1, "it is adopted");
        using var answer = await waiting;

        Assert.Equal("rt-of-the-slow-one", (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal()[..18]);
    }

    private async Task<World> ExpiredAsync(StoreKind store)
    {
        var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        return world;
    }

    private static async Task AssertUnavailableAsync(TestGateway gateway)
    {
        using var answer = await gateway.App.GetAsync(Pages);
        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "token-unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
