using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>Redis comes back with an older state than it had. This needs a real one that can be stopped.</summary>
public sealed class ForgetfulStoreTests
{
    [Fact]
    public async Task A_Redis_that_restarts_with_an_older_state_gets_the_newest_pair_back_without_a_request()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "redis-server is not on the path");
        using var written = new TemporaryDirectory();
        using var older = new TemporaryDirectory();
        var redis = await RedisProcess.StartAsync(directory: written.Path);
        await using var world = await World.StartAsync(redis.ConnectionString);
        await world.Gateway.ConnectAsync("demo");
        Copy(written.Path, older.Path);
        await world.Gateway.RefreshAsync("demo");
        await world.Gateway.RefreshAsync("demo");

        await redis.DisposeAsync();
        // By now Atlassian would take the token of the older state for stolen, and end the grant.
        await world.AdvanceAsync(TimeSpan.FromMinutes(11));
        await using var back = await RedisProcess.StartAsync(redis.Port, older.Path);

        await Eventually.TrueAsync(async () => await GenerationAsync(world) == 3, "the newest pair is written back");
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
        await world.AdvanceAsync(TimeSpan.FromHours(1));
        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True((await world.GrantAsync()).Alive);
    }

    private static async Task<long> GenerationAsync(World world)
    {
        try
        {
            return (await world.Gateway.StoredGrantAsync("demo")).Generation;
        }
        catch (ConfluenceGateway.Connections.StoreUnavailableException)
        {
            return 0;
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
