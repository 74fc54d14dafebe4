using ConfluenceGateway.Benchmarks.Load;
using ConfluenceGateway.Benchmarks.Rig;
namespace ConfluenceGateway.Benchmarks;
internal static class Hold
{
    public static async Task RunAsync(bool http2)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using (var gateway = await Store.OpenAsync(redis, "bench:")) { await Store.FillAsync(gateway, 1, TimeSpan.FromHours(12)); }
        await using var ours = await Contender.GatewayAsync(upstream, http2, redis, "bench:");
        await using var its = await Contender.YarpAsync(upstream, http2);
        Console.WriteLine($"{ours.Program.Id} http://127.0.0.1:{ours.Port}{ours.Prefix(0)}{Upstream.Page(4500)}");
        Console.WriteLine($"{its.Program.Id} http://127.0.0.1:{its.Port}{its.Prefix(0)}{Upstream.Page(4500)}");
        await Task.Delay(TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("HOLD") ?? "90")), TimeProvider.System);
    }
}
