using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>The directory knows every connection, also when a notice was lost.</summary>
public sealed class ConnectionDirectoryTests(Stores stores)
{
    [Fact]
    public async Task A_change_that_nobody_told_is_found_when_notices_may_have_been_lost()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        Assert.Equal("demo", await NameAsync(world));

        await RenameUnheardAsync(world, "Renamed");
        Assert.Equal("demo", await NameAsync(world));
        world.Gateway.Services.GetRequiredService<ConnectionChanges>().TellMissed();

        Assert.Equal("Renamed", await NameAsync(world));
    }

    [Fact]
    public async Task A_change_that_nobody_told_is_found_after_an_hour_all_the_same()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        var services = world.Gateway.Services;
        var time = new FakeTimeProvider();
        using var directory = new ConnectionDirectory(
            services.GetRequiredService<RedisConnection>(), services.GetRequiredService<RedisKeys>(), services.GetRequiredService<ConnectionStore>(),
            services.GetRequiredService<ConnectionChanges>(), time, NullLogger<ConnectionDirectory>.Instance);
        await directory.StartAsync(CancellationToken.None);
        Assert.Equal("demo", Assert.Single(await directory.ListAsync(CancellationToken.None)).DisplayName);
        await RenameUnheardAsync(world, "Renamed");

        await Eventually.TrueAsync(
            async () =>
            {
                // Whenever its wait begins, an hour is over some time.
                time.Advance(ConnectionDirectory.ReloadInterval);
                return (await directory.ListAsync(CancellationToken.None))[0].DisplayName == "Renamed";
            },
            "everything is read again");
        await directory.StopAsync(CancellationToken.None);
    }

    [Theory, EveryStore]
    public async Task A_summary_says_what_the_connection_is_and_is_gone_with_it(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        var grant = await world.Gateway.StoredGrantAsync("demo");

        var summary = Assert.Single(await ListAsync(world));
        Assert.Equal((ConnectionState.Active, World.AcmeCloudId, World.ClientId), (summary.State, summary.CloudId, summary.ClientId));
        Assert.Equal((grant.InactiveAt, grant.ConsentExpiresAt), (summary.InactiveAt, summary.ConsentExpiresAt));
        Assert.Equal(grant.InactiveAt, summary.EndsAt);

        using var paused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null);
        Assert.Equal(ConnectionState.Paused, Assert.Single(await ListAsync(world)).State);
        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        Assert.Empty(await ListAsync(world));
    }

    private static Task<IReadOnlyList<ConnectionSummary>> ListAsync(World world) =>
        world.Gateway.Services.GetRequiredService<ConnectionDirectory>().ListAsync(CancellationToken.None);

    private static async Task<string> NameAsync(World world) => Assert.Single(await ListAsync(world)).DisplayName;

    private static Task<bool> RenameUnheardAsync(World world, string name) => world.Gateway.Services.GetRequiredService<RedisConnection>().Database.HashSetAsync(
        world.Gateway.Services.GetRequiredService<RedisKeys>().Connection("demo"), "display_name", name);
}
