using System.Diagnostics;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Benchmarks;

/// <summary>One long body each way through a gateway of its own: what it holds in memory meanwhile, and how fast it is.</summary>
internal static class StreamBenchmark
{
    private const long WarmUp = 32 << 20;

    public static async Task RunAsync(int gib)
    {
        await using var gateway = await LargeBodyGateway.StartAsync();
        for (var round = 0; round < 4; round++)
        {
            await gateway.UpAsync(WarmUp);
            await gateway.DownAsync(WarmUp);
        }

        var length = (long)gib << 30;
        Console.WriteLine($"resident after warm-up: {gateway.ResidentBytes >> 20} MiB");
        await MeasureAsync(gateway, "up", length, gateway.UpAsync);
        await MeasureAsync(gateway, "down", length, gateway.DownAsync);
    }

    private static async Task MeasureAsync(LargeBodyGateway gateway, string direction, long length, Func<long, Action<long>, Task> transfer)
    {
        var before = gateway.ResidentBytes;
        var step = length / 100;
        var shown = 0L;
        var elapsed = TimeSpan.Zero;
        var watch = Stopwatch.StartNew();
        var peak = await gateway.PeakAsync(() => Task.Run(() => transfer(length, done =>
        {
            elapsed = watch.Elapsed;
            if (done / step > shown)
            {
                shown = done / step;
                Console.Write($"\r{direction}: {shown} % of {length >> 20} MiB");
            }
        })));
        Console.WriteLine(
            $"\r{direction}: {length >> 20} MiB in {elapsed.TotalSeconds:f1} s, {length / 1e6 / elapsed.TotalSeconds:f0} MB/s;"
            + $" resident {before >> 20} MiB before, {peak >> 20} MiB at most, {gateway.ResidentBytes >> 20} MiB after");
    }
}
