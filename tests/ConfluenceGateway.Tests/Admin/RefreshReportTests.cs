using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>A refresh says what it did, and the history of a connection keeps it.</summary>
public sealed class RefreshReportTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task It_says_from_which_generation_to_which_and_the_history_says_who_and_how_long(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");

        using var answer = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((1, 2), (report.GetProperty("fromGeneration").GetInt64(), report.GetProperty("toGeneration").GetInt64()));
        Assert.Equal(2, report.GetProperty("connection").GetProperty("generation").GetInt64());
        await Eventually.TrueAsync(async () => (await RotationsAsync(world)).Count == 1, "the history has it");
        var rotation = (await RotationsAsync(world))[0];
        Assert.Equal(("operator", "rotated", 2), (rotation.GetProperty("trigger").GetString(), rotation.GetProperty("outcome").GetString(), rotation.GetProperty("generation").GetInt64()));
        Assert.True(rotation.GetProperty("durationMs").GetInt64() >= 0);
        Assert.StartsWith(Environment.MachineName, rotation.GetProperty("replica").GetString(), StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task The_newest_50_are_kept_and_go_with_the_connection(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        for (var round = 0; round < 52; round++)
        {
            using var answer = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await Eventually.TrueAsync(async () => (await RotationsAsync(world))[0].GetProperty("generation").GetInt64() == 53, "the last one is in the history");
        Assert.Equal(50, (await RotationsAsync(world)).Count);

        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        await world.Gateway.CreateAsync("demo");
        Assert.Empty(await RotationsAsync(world));
    }

    [Fact]
    public async Task A_failure_is_in_the_history_with_its_evidence()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);

        using var refused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);

        var problem = await refused.ProblemAsync(HttpStatusCode.Conflict, "not-refreshable");
        Assert.Equal("revoked", problem.GetProperty("reason").GetString());
        await Eventually.TrueAsync(async () => (await RotationsAsync(world)).Count == 1, "the history has it");
        Assert.Equal("reauth_required", (await RotationsAsync(world))[0].GetProperty("outcome").GetString());
    }

    private static async Task<IReadOnlyList<JsonElement>> RotationsAsync(World world) =>
        [.. (await world.Gateway.Operator.GetFromJsonAsync<JsonElement>("/api/v1/connections/demo/rotations?limit=200")).GetProperty("rotations").EnumerateArray()];
}
