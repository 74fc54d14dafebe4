using System.Net;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>Somebody makes a new client secret at Atlassian and forgets the gateway.</summary>
public sealed class WrongSecretTests(Stores stores)
{
    [Fact]
    public async Task No_connection_is_marked_and_a_mended_secret_file_is_enough()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, World.ClientSecret);
        RunLog.AddSecret("the-next-secret");
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        var gateway = await world.AddGatewayWithAsync([.. world.StoreSettings(), $"--Atlassian:ClientSecretFile={file}"]);
        await gateway.ConnectAsync("stale");
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        await gateway.ConnectAsync("fresh");
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = "the-next-secret" });

        using var refused = await gateway.App.GetAsync("/confluence/stale/wiki/api/v2/pages");
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "gateway-misconfigured");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("active", (await gateway.ShowAsync("stale")).GetProperty("state").GetString());
        Assert.Equal(1, await gateway.MetricAsync("confluence_gateway_configuration_circuit_open"));
        using var unaffected = await gateway.App.GetAsync("/confluence/fresh/wiki/api/v2/pages");
        Assert.Equal(HttpStatusCode.OK, unaffected.StatusCode);
        Assert.Contains("refuses this app", await gateway.Management.GetStringAsync("/health/ready"), StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, "the-next-secret\n");
        await Eventually.TrueAsync(
            async () => (await gateway.App.GetAsync("/confluence/stale/wiki/api/v2/pages")).StatusCode == HttpStatusCode.OK, "the connection serves with the mended secret");

        Assert.Equal(0, await gateway.MetricAsync("confluence_gateway_configuration_circuit_open"));
        File.Delete(file);
    }
}
