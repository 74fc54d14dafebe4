using System.Net;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>Redis is lost, and a backup brings every grant back; a client secret is replaced under load. Step by step as docs/operations.md says.</summary>
public sealed class BackupDrillTests(Stores stores)
{
    private static readonly string[] Ids = ["demo", "sales", "wiki"];

    [Fact]
    public async Task A_backup_in_a_new_Redis_brings_every_grant_back()
    {
        RedisProcess.Require();
        using var lost = new TemporaryDirectory();
        using var restored = new TemporaryDirectory();
        await using var redis = await RedisProcess.StartAsync(directory: lost.Path);
        await using var world = await World.StartAsync(redis.ConnectionString);
        foreach (var id in Ids)
        {
            await world.Gateway.ConnectAsync(id);
        }

        var key = await world.Gateway.MakeKeyAsync([Ids[0]], name: "legacy app");
        await redis.SaveAsync();
        File.Copy(Path.Combine(lost.Path, "dump.rdb"), Path.Combine(restored.Path, "dump.rdb"));
        await world.Gateway.DisposeAsync();
        await redis.KillAsync();

        // With an append-only file Redis reads that alone, so it starts without one.
        await redis.RestartFromAsync(restored.Path);
        await redis.ConfigureAsync("appendonly", "yes");
        await world.RestartAsync(0);

        foreach (var id in Ids)
        {
            await AssertServedAsync(world.Gateway, id);
            await world.Gateway.RefreshAsync(id);
            await AssertServedAsync(world.Gateway, id);
        }

        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(key.Key, $"/confluence/{Ids[0]}/wiki/api/v2/pages?limit=1"));
        Assert.Equal("1", await redis.InfoAsync("persistence", "aof_enabled"));
    }

    [Fact]
    public async Task A_replica_that_runs_on_brings_back_what_an_older_backup_lacks()
    {
        RedisProcess.Require();
        using var lost = new TemporaryDirectory();
        using var restored = new TemporaryDirectory();
        await using var redis = await RedisProcess.StartAsync(directory: lost.Path);
        await using var world = await World.StartAsync(redis.ConnectionString);
        await world.Gateway.ConnectAsync("demo");
        await redis.SaveAsync();
        File.Copy(Path.Combine(lost.Path, "dump.rdb"), Path.Combine(restored.Path, "dump.rdb"));
        await world.Gateway.RefreshAsync("demo");
        await world.Gateway.RefreshAsync("demo");
        var newest = (await world.GrantAsync()).CurrentRefreshTokenSha256;
        await redis.KillAsync();

        await redis.RestartFromAsync(restored.Path);

        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken.Fingerprint == newest;
                }
                catch (ConfluenceGateway.Connections.StoreUnavailableException)
                {
                    return false;
                }
            },
            "the newest pair is stored again");
        await AssertServedAsync(world.Gateway, "demo");
    }

    [Fact]
    public async Task A_new_client_secret_in_its_file_takes_over_under_load_and_no_request_fails()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "client-secret");
        await File.WriteAllTextAsync(file, World.ClientSecret);
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        var gateway = await world.AddGatewayWithAsync([.. world.StoreSettings(), $"--Atlassian:ClientSecretFile={file}"]);
        await gateway.ConnectAsync("demo");
        using var stop = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            var served = 0;
            while (!stop.IsCancellationRequested)
            {
                await AssertServedAsync(gateway, "demo");
                served++;
            }

            return served;
        });

        // Atlassian takes the new one alone from here on, and it is in the file a moment later.
        await world.Atlassian.RegisterAppAsync(new AppToRegister(World.ClientId, "the-secret-after"));
        using (await gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null))
        {
        }

        await File.WriteAllTextAsync(file + ".new", "the-secret-after");
        File.Move(file + ".new", file, overwrite: true);
        await Eventually.TrueAsync(
            async () =>
            {
                using var checkedApp = await gateway.Operator.PostAsync("/api/v1/app/check", null);
                return (await checkedApp.Content.ReadAsStringAsync()).Contains("accepted", StringComparison.Ordinal);
            },
            "the new secret is in force");
        await gateway.RefreshAsync("demo");

        await stop.CancelAsync();
        Assert.InRange(await load, 1, int.MaxValue);
    }

    private static async Task AssertServedAsync(TestGateway gateway, string id)
    {
        using var answer = await gateway.App.GetAsync($"/confluence/{id}/wiki/api/v2/pages?limit=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
