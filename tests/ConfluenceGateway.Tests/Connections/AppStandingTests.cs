using AtlassianSimulator.Control;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>That the app is refused is told once for all replicas, and so is that it is over.</summary>
public sealed class AppStandingTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task It_is_told_at_the_first_refused_replica_and_at_the_last_accepted_one(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);

        await ReportAsync(world, 0, "401 access_denied");
        await ReportAsync(world, 1, "401 access_denied");
        await ReportAsync(world, 0, "401 access_denied");
        Assert.Equal(["app.misconfigured"], await ToldAsync(world));
        Assert.Equal("401 access_denied", await Standing(world, 1).EvidenceAsync());
        await ReportAsync(world, 0, null);
        Assert.Equal(["app.misconfigured"], await ToldAsync(world));
        await ReportAsync(world, 1, null);

        Assert.Equal(["app.recovered", "app.misconfigured"], await ToldAsync(world));
        Assert.Null(await Standing(world, 0).EvidenceAsync());
    }

    [Theory, EveryStore]
    public async Task A_replica_that_vanished_refused_does_not_count_for_ever(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await ReportAsync(world, 1, "401 access_denied");

        world.Clock.Advance(AppStanding.Life);
        await ReportAsync(world, 0, null);

        Assert.Equal(["app.recovered", "app.misconfigured"], await ToldAsync(world));
    }

    [Fact]
    public async Task A_wrong_secret_is_told_and_the_right_one_too()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = "another-secret" });
        using var refused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        await Eventually.TrueAsync(async () => (await ToldAsync(world)).Contains("app.misconfigured"), "the refusal is told");

        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = World.ClientSecret });
        using var checkedAgain = await world.Gateway.Operator.PostAsync("/api/v1/app/check", null);

        Assert.Contains("accepted", await checkedAgain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await ToldAsync(world)).Contains("app.recovered"), "the recovery is told");
    }

    private static AppStanding Standing(World world, int replica) => world.Gateways[replica].Services.GetRequiredService<AppStanding>();

    private static Task ReportAsync(World world, int replica, string? evidence) => Standing(world, replica).ReportAsync(evidence);

    private static async Task<IEnumerable<string>> ToldAsync(World world) =>
        (await world.Gateway.Services.GetRequiredService<ConnectionEvents>().ListAsync(ConnectionEvents.App, 50)).Select(told => told.Type);
}
