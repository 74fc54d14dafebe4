using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks.Load;

/// <summary>The gateway and what it is compared with side by side, left running for a profiler.</summary>
internal static class Hold
{
    private const string Prefix = "hold:";

    /// <summary>Tells the process and a URL of each, and stays for a while.</summary>
    public static async Task RunAsync(bool http2, TimeSpan duration)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await Store.MakeAsync(redis, Prefix, 1, TimeSpan.FromHours(12));

        var contenders = new List<Contender>();
        try
        {
            contenders.Add(await Contender.GatewayAsync(upstream, http2, redis, Prefix));
            contenders.Add(await Contender.YarpAsync(upstream, http2));
            if (!http2)
            {
                contenders.Add(await Contender.NginxAsync(upstream));
            }

            foreach (var contender in contenders)
            {
                Console.WriteLine($"{contender.Program.Id} http://127.0.0.1:{contender.Port}{contender.Targets([0], 4_500).Single()}");
            }

            await Task.Delay(duration, TimeProvider.System);
        }
        finally
        {
            foreach (var contender in contenders)
            {
                await contender.DisposeAsync();
            }
        }
    }
}
