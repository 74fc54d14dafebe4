using System.Globalization;
using System.Text;
using ConfluenceGateway.Benchmarks.Load;
using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks;

/// <summary>Long bodies each way, from curl to nginx, through the gateway and through bare YARP in turns: CPU time, memory and speed.</summary>
internal static class StreamBenchmark
{
    private const string Prefix = "stream:";
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(int gib, int turns)
    {
        await using var upstream = await Upstream.StartAsync(gib);
        await using var redis = await RedisServer.StartAsync();
        await Store.MakeAsync(redis, Prefix, 1, TimeSpan.FromHours(12));

        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{gib} GiB each way, one at a time. {turns} turns; medians, with the least and the most in brackets. {Machine.Description}.")
            .AppendLine()
            .AppendLine("| | CPU for a GiB, gateway | bare YARP | ratio | MB/s, gateway | bare YARP | resident memory grows at most by, gateway | bare YARP |")
            .AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var http2 in new[] { false, true })
        {
            await using var ours = await Contender.GatewayAsync(upstream, http2, redis, Prefix);
            await using var its = await Contender.YarpAsync(upstream, http2);
            foreach (var isUp in new[] { true, false })
            {
                var done = new List<(Transfer Ours, Transfer Its)>();
                // The first turn warms up.
                for (var turn = 0; turn <= turns; turn++)
                {
                    Progress.Show((double)turn / (turns + 1), $"{(http2 ? "HTTP/2" : "HTTP/1.1")} {(isUp ? "up" : "down")}");
                    var pair = turn % 2 == 0
                        ? (await RunAsync(ours, upstream, isUp, gib), await RunAsync(its, upstream, isUp, gib))
                        : await RunAsync(its, upstream, isUp, gib) is var first ? (await RunAsync(ours, upstream, isUp, gib), first) : default;
                    if (turn > 0)
                    {
                        done.Add(pair);
                    }
                }

                string Of(Func<(Transfer Ours, Transfer Its), double> value, string format, string unit = "") => Spread.Of(done.Select(value)).ToString(format, unit);
                text.AppendLine($"| {(http2 ? "HTTP/2" : "HTTP/1.1")}, {(isUp ? "up" : "down")} | {Of(pair => pair.Ours.Cpu, "f2", " s")} | {Of(pair => pair.Its.Cpu, "f2", " s")} "
                    + $"| {Of(pair => pair.Ours.Cpu / pair.Its.Cpu, "f2")} | {Of(pair => pair.Ours.Rate, "f0")} | {Of(pair => pair.Its.Rate, "f0")} "
                    + $"| {Of(pair => pair.Ours.Growth, "f0", " MiB")} | {Of(pair => pair.Its.Growth, "f0", " MiB")} |");
            }
        }

        await Machine.ReportAsync("stream.md", text.ToString());
    }

    private static async Task<Transfer> RunAsync(Contender contender, Upstream upstream, bool isUp, int gib)
    {
        var url = $"http://127.0.0.1:{contender.Port}{contender.Prefix(0)}{Upstream.LongBody}";
        var (cpu, resident) = (contender.Program.CpuSeconds, contender.Program.ResidentBytes);
        var peak = resident;
        var running = Machine.RunAsync("curl", ["-sSf", "-o", "/dev/null", "-w", "%{time_total}", "-H", "Expect:", .. isUp ? new[] { "-T", upstream.LongFile } : [], url]);
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(Sample, TimeProvider.System));
            peak = Math.Max(peak, contender.Program.ResidentBytes);
        }

        var seconds = double.Parse(await running, CultureInfo.InvariantCulture);
        return new Transfer((contender.Program.CpuSeconds - cpu) / gib, gib * 1073.741824 / seconds, (peak - resident) / (double)(1 << 20));
    }

    /// <param name="Cpu">Seconds for each GiB.</param>
    /// <param name="Rate">Megabytes a second.</param>
    /// <param name="Growth">MiB.</param>
    private sealed record Transfer(double Cpu, double Rate, double Growth);
}
