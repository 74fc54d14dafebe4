using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>First of all: it works.</summary>
public sealed class SmokeTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task A_legacy_request_is_answered_through_a_connection(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");

        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=2");

        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"results\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
