using System.Diagnostics;
using System.Globalization;
using System.Text;
using ConfluenceGateway.Benchmarks.Load;
using ConfluenceGateway.Benchmarks.Rig;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Benchmarks;

/// <summary>From the start of the process to its first proxied answer, beside bare YARP.</summary>
internal static class StartBenchmark
{
    private const string Prefix = "start:";

    public static async Task RunAsync(int turns)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await Store.MakeAsync(redis, Prefix, 1, TimeSpan.FromHours(12));

        var starts = new Dictionary<string, List<Start>> { [Contender.Gateway] = [], [Contender.Yarp] = [] };
        // The first of each is not counted: the files come from the disk.
        for (var turn = 0; turn <= turns; turn++)
        {
            Progress.Show((double)turn / (turns + 1), $"start {turn + 1}");
            foreach (var (name, start) in new[]
            {
                (Contender.Gateway, await TimeAsync(() => Contender.GatewayAsync(upstream, http2: true, redis, Prefix), redis)),
                (Contender.Yarp, await TimeAsync(() => Contender.YarpAsync(upstream, http2: true), null)),
            })
            {
                if (turn > 0)
                {
                    starts[name].Add(start);
                }
            }
        }

        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"Published programs, Redis and the upstream on the same machine. {turns} turns; medians, with the least and the most in brackets. {Machine.Description}.")
            .AppendLine()
            .AppendLine("| | gateway | bare YARP |")
            .AppendLine("|---|---|---|");
        foreach (var (phase, value) in new (string, Func<Start, double?>)[]
        {
            ("runtime, settings, services: process start to the first word to Redis", start => start.Phases?.Services),
            ("connection to Redis: to the first look at the key ring", start => start.Phases?.Redis),
            ("key ring: to the first look at connections", start => start.Phases?.KeyRing),
            ("hosted services, listeners: to a port that takes connections", start => start.Listening - start.Phases?.UntilServices),
            ("**process start to a port that takes connections**", start => start.Listening),
            ("first request, answered by the upstream", start => start.First),
            ("**process start to first proxied answer**", start => start.Listening + start.First),
            ("second request, for comparison", start => start.Second),
            ("CPU time until then", start => start.Cpu),
        })
        {
            var cells = starts.Values.Select(all => all.Select(value).OfType<double>().ToList()).Select(values => values.Count == 0 ? "" : Spread.Of(values).ToString("f0", " ms"));
            text.AppendLine($"| {phase} | {string.Join(" | ", cells)} |");
        }

        await Machine.ReportAsync("start.md", text.ToString());
    }

    private static async Task<Start> TimeAsync(Func<Task<Contender>> start, RedisServer? redis)
    {
        // What is made once for all turns must not be part of one.
        await Published.GatewayAsync();
        await Published.ForwarderAsync();
        await using var monitor = redis is null ? null : await RedisMonitor.StartAsync(redis.Port);
        var (begun, at) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
        await using var contender = await start();
        var listening = Stopwatch.GetElapsedTime(begun);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{contender.Port}") };
        var (first, second) = (await AskAsync(client, contender), await AskAsync(client, contender));
        return new Start(listening.TotalMilliseconds, first, second, contender.Program.CpuSeconds * 1000, monitor is null ? null : Phases.Of(monitor, at));
    }

    private static async Task<double> AskAsync(HttpClient client, Contender contender)
    {
        var begun = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync(contender.Prefix(0) + Upstream.Page(4_500));
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    /// <summary>In milliseconds.</summary>
    private sealed record Start(double Listening, double First, double Second, double Cpu, Phases? Phases);

    /// <summary>What Redis sees of a start, in milliseconds.</summary>
    private sealed record Phases(double Services, double Redis, double KeyRing)
    {
        public double UntilServices => Services + Redis + KeyRing;

        public static Phases Of(RedisMonitor monitor, DateTimeOffset begun)
        {
            var (hello, ring, connections) = (First("HELLO"), First(Prefix + "keyring"), First(Prefix + "connections"));
            return new((hello - begun).TotalMilliseconds, (ring - hello).TotalMilliseconds, (connections - ring).TotalMilliseconds);

            DateTimeOffset First(string word)
            {
                var command = monitor.Commands.First(command => command.Contains($"\"{word}\"", StringComparison.Ordinal));
                return DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(command.AsSpan(1, command.IndexOf(' ') - 1), CultureInfo.InvariantCulture));
            }
        }
    }
}
