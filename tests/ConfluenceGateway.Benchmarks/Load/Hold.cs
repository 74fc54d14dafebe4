using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks.Load;

/// <summary>The gateway and bare YARP side by side, left running for a profiler.</summary>
internal static class Hold
{
    private const string Prefix = "hold:";

    /// <summary>Tells the process and a URL of each, and stays for a while.</summary>
    public static async Task RunAsync(bool http2, TimeSpan duration)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using (var gateway = await Store.OpenAsync(redis, Prefix))
        {
            await Store.FillAsync(gateway, 1, TimeSpan.FromHours(12));
        }

        await using var ours = await Contender.GatewayAsync(upstream, http2, redis, Prefix);
        await using var its = await Contender.YarpAsync(upstream, http2);
        foreach (var contender in new[] { ours, its })
        {
            Console.WriteLine($"{contender.Program.Id} http://127.0.0.1:{contender.Port}{contender.Targets([0], 4_500).Single()}");
        }

        await Task.Delay(duration, TimeProvider.System);
    }
}
