using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>Connections are found by what an operator knows of them.</summary>
public sealed class ListTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task Each_filter_finds_what_it_names_and_nothing_else(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("dead");
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        using var refused = await world.Gateway.Operator.PostAsync("/api/v1/connections/dead/refresh", null);
        await world.Gateway.ConnectAsync("alive");
        await world.Gateway.CreateAsync("new", "https://globex.atlassian.net");
        using var renamed = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/new", new { displayName = "Quarterly Reports" });

        Assert.Equal(["alive", "dead", "new"], await FindAsync(world, ""));
        Assert.Equal(["dead"], await FindAsync(world, "state=reauth_required"));
        Assert.Equal(["dead"], await FindAsync(world, "reason=revoked"));
        Assert.Empty(await FindAsync(world, "reason=inactive"));
        Assert.Equal(["new"], await FindAsync(world, "site=https://globex.atlassian.net/"));
        Assert.Equal(["alive", "dead"], await FindAsync(world, $"site={World.AcmeCloudId}"));
        Assert.Equal(["new"], await FindAsync(world, "q=quarterly"));
        Assert.Equal(["alive", "dead"], await FindAsync(world, "q=ACME"));
        var ninetyDays = world.Clock.GetUtcNow().AddDays(91);
        Assert.Equal(["alive"], await FindAsync(world, $"expiresBefore={ninetyDays:yyyy-MM-dd}"));
        Assert.Empty(await FindAsync(world, $"expiresBefore={world.Clock.GetUtcNow().AddDays(80):yyyy-MM-dd}"));
        Assert.Equal(["alive"], await FindAsync(world, "q=a&state=active"));
    }

    [Fact]
    public async Task A_page_tells_how_many_there_are_in_all_and_ends_without_an_empty_one()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        foreach (var id in new[] { "a", "b", "c", "d" })
        {
            await world.Gateway.CreateAsync(id);
        }

        var first = await world.Gateway.Operator.GetFromJsonAsync<JsonElement>("/api/v1/connections?limit=2");
        var second = await world.Gateway.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/connections?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

        Assert.Equal(4, first.GetProperty("total").GetInt32());
        Assert.Equal(["c", "d"], second.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.False(second.TryGetProperty("nextCursor", out _));
    }

    [Theory, EveryStore]
    public async Task What_another_replica_writes_is_found_here(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        Assert.Empty(await FindAsync(world, ""));

        await world.Gateways[1].ConnectAsync("there");

        await Eventually.TrueAsync(async () => await FindAsync(world, "state=active") is ["there"], "the other replica's connection is found");
        using var deleted = await world.Gateways[1].Operator.DeleteAsync("/api/v1/connections/there");
        await Eventually.TrueAsync(async () => (await FindAsync(world, "")).Length == 0, "its deletion is noticed");
    }

    [Fact]
    public async Task Grants_of_another_app_are_found_as_what_they_are_shown()
    {
        await using var world = await World.ConnectedAsync(stores);
        var other = await world.AddGatewayAsync("--Atlassian:ClientId=other-client");

        var page = await other.Operator.GetFromJsonAsync<JsonElement>("/api/v1/connections?state=reauth_required&reason=wrong_app");

        var item = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal(("reauth_required", "wrong_app"), (item.GetProperty("state").GetString(), item.GetProperty("reason").GetString()));
        Assert.Empty((await other.Operator.GetFromJsonAsync<JsonElement>("/api/v1/connections?state=active")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("state=dead", "state")]
    [InlineData("reason=unknown", "reason")]
    [InlineData("expiresBefore=soon", "expiresBefore")]
    [InlineData("limit=0", "limit")]
    public async Task A_filter_that_is_none_is_refused_by_its_name(string query, string field)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.Operator.GetAsync($"/api/v1/connections?{query}");

        Assert.Equal(field, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("field").GetString());
    }

    private static async Task<string[]> FindAsync(World world, string query) =>
    [
        .. (await world.Gateway.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/connections?{query}"))
            .GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!),
    ];
}
