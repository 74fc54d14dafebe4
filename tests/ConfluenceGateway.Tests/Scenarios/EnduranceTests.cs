using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>A connection lives for years.</summary>
public sealed class EnduranceTests(Stores stores)
{
    private const int Rotations = 1_000;
    private const int Seed = 20_241;

    [Theory, EveryStore]
    public async Task After_1000_rotations_with_restarts_the_grant_works_and_the_newest_pair_is_stored(StoreKind store)
    {
        var random = new Random(Seed);
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.ConnectAsync("demo");

        for (var rotation = 1; rotation <= Rotations; rotation++)
        {
            var replica = random.Next(world.Gateways.Count);
            if (random.Next(100) == 0)
            {
                // Stopped while it refreshes: the caller may lose its answer, the rotation must not be lost.
                var interrupted = world.Gateways[replica].Operator.PostAsync("/api/v1/connections/demo/refresh", null);
                await world.RestartAsync(replica);
                await Record.ExceptionAsync(() => interrupted);
            }
            else
            {
                await world.Gateways[replica].RefreshAsync("demo");
            }
        }

        var grant = await world.GrantAsync();
        Assert.True(grant.Alive);
        Assert.Equal(1, grant.MaxInFlight);
        Assert.InRange(grant.Exchanges, Rotations - 50, Rotations);
        Assert.Equal(grant.Exchanges + 1, (await world.Gateway.StoredGrantAsync("demo")).Generation);
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
        foreach (var gateway in world.Gateways)
        {
            using var answer = await gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
