using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Telemetry;

/// <summary>The two gauges that alert before a grant ends by itself.</summary>
public sealed class EarliestExpiryTests(Stores stores)
{
    private const string Inactivity = "confluence_gateway_earliest_inactivity_expiry_timestamp_seconds";
    private const string Consent = "confluence_gateway_earliest_consent_expiry_timestamp_seconds";

    [Theory, EveryStore]
    public async Task They_tell_of_the_oldest_grant_and_are_absent_without_one(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.TickAsync();
        await AssertAbsentAsync(world);

        await world.Gateway.ConnectAsync("older");
        await world.PassAsync(TimeSpan.FromDays(2));
        await world.Gateway.ConnectAsync("younger");
        await world.PassAsync(TimeSpan.FromMinutes(2));
        await AssertEarliestAsync(world, inactivity: "older", consent: "older");

        await world.Gateway.RefreshAsync("older");
        await world.PassAsync(TimeSpan.FromMinutes(2));
        await AssertEarliestAsync(world, inactivity: "younger", consent: "older");

        foreach (var id in new[] { "older", "younger" })
        {
            using var deleted = await world.Gateway.Operator.DeleteAsync($"/api/v1/connections/{id}");
        }

        await world.TickAsync();
        await AssertAbsentAsync(world);
    }

    private static async Task AssertEarliestAsync(World world, string inactivity, string consent)
    {
        var (obtained, consented) = ((await world.Gateway.StoredGrantAsync(inactivity)).Pair.ObtainedAt, (await world.Gateway.StoredGrantAsync(consent)).ConsentedAt);
        Assert.Equal(obtained.AddDays(90).ToUnixTimeMilliseconds() / 1000.0, await world.Gateway.MetricAsync(Inactivity), 0.01);
        Assert.Equal(consented.AddDays(365).ToUnixTimeMilliseconds() / 1000.0, await world.Gateway.MetricAsync(Consent), 0.01);
    }

    private static async Task AssertAbsentAsync(World world)
    {
        var exposition = await world.Gateway.Management.GetStringAsync("/metrics");
        Assert.DoesNotContain($"\n{Inactivity} ", exposition, StringComparison.Ordinal);
        Assert.DoesNotContain($"\n{Consent} ", exposition, StringComparison.Ordinal);
    }
}
