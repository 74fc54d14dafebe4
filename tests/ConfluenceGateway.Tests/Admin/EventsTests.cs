using System.Net;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>What happened to a connection.</summary>
public sealed class EventsTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task The_life_of_a_connection_is_told_newest_first(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        await world.Gateway.RefreshAsync("demo");
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        using var refused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        await world.Gateway.ConnectAsync("demo");
        await world.Gateway.ConnectAsync("demo");

        var events = await world.Gateway.EventsAsync("demo");

        Assert.Equal(
            ["connection.recovered", "connection.reauth_required", "connection.connected"],
            events.Select(one => one.GetProperty("type").GetString()));
        Assert.Equal("revoked", events[1].GetProperty("data").GetProperty("reason").GetString());
        Assert.False(events[2].TryGetProperty("data", out _));
        Assert.All(events, one => Assert.StartsWith("evt_", one.GetProperty("id").GetString(), StringComparison.Ordinal));
        Assert.InRange(events[0].GetProperty("at").GetDateTimeOffset(), world.Clock.GetUtcNow().AddMinutes(-1), world.Clock.GetUtcNow());
        Assert.Equal(events[0].GetProperty("id").GetString(), Assert.Single(await world.Gateway.EventsAsync("demo", limit: 1)).GetProperty("id").GetString());
    }

    [Theory, EveryStore]
    public async Task A_success_that_heals_a_death_is_a_recovery_and_the_newest_200_are_kept(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.ReplaceAsync("demo");
        var grants = world.Gateway.Services.GetRequiredService<GrantStore>();
        var death = new GrantDeath(ReauthReason.Revoked, "403", world.Clock.GetUtcNow());
        for (var round = 0; round < 101; round++)
        {
            var token = (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken;
            Assert.True(await grants.MarkDeadAsync(Id, token, 1, death));
            Assert.True(await grants.MarkDeadAsync(Id, token, 1, death));
            Assert.NotNull(await grants.CommitAsync(Id, new Exchange(token.Fingerprint, 1), Pairs.Of($"pair {round}"), afterRejection: false));
        }

        var types = (await world.Gateway.EventTypesAsync("demo")).ToList();

        Assert.Equal(200, types.Count);
        Assert.Equal((100, 100), (types.Count(type => type == "connection.recovered"), types.Count(type => type == "connection.reauth_required")));
        Assert.Equal(50, (await world.Gateway.Operator.GetStringAsync("/api/v1/connections/demo/events")).Split("\"evt_").Length - 1);
    }

    [Theory, EveryStore]
    public async Task Events_are_deleted_with_their_connection(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");

        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        using var gone = await world.Gateway.Operator.GetAsync("/api/v1/connections/demo/events");
        await gone.ProblemAsync(HttpStatusCode.NotFound, "unknown-connection");
        await world.Gateway.CreateAsync("demo");

        Assert.Empty(await world.Gateway.EventsAsync("demo"));
    }

    [Theory]
    [InlineData("demo/events?limit=0", "limit")]
    [InlineData("demo/events?limit=201", "limit")]
    [InlineData("demo/events?limit=many", "limit")]
    [InlineData("No_Id/events", "id")]
    public async Task A_bad_question_is_refused_by_the_name_of_the_field(string question, string field)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");

        using var answer = await world.Gateway.Operator.GetAsync($"/api/v1/connections/{question}");

        Assert.Equal(field, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("field").GetString());
    }
}
