using System.Globalization;
using System.Runtime.Versioning;
using ConfluenceGateway.Benchmarks.Load;
using ConfluenceGateway.Benchmarks.References;

// Processes are looked at by way of /proc, and compared with what Linux has.
[assembly: SupportedOSPlatform("linux")]

namespace ConfluenceGateway.Benchmarks;

/// <summary>Measurements that take too long for a test run.</summary>
internal static class EntryPoint
{
    private const string Usage = """
        bench [--full | --short] [--turns N] [--seconds N]
                                    the published gateway under load, in turns with bare YARP, nginx, and YARP with a token from Redis; all
                                    combinations of loads with --full, one and bare YARP alone with --short; 7 turns of 3 seconds
        stream [--gib N]            N GiB (1 or 2) through a gateway, up and then down
        v1                          operations of v1 served by v2, beside the calls of v2 themselves
        operators [--connections N] lists, searches and the overview over N connections (100,000), beside 100
        """;

    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["bench", .. var options] when Switches.Read(options, ["--full", "--short"], ["--turns", "--seconds"]) is { } switches:
                var (turns, duration) = (switches.Number("--turns", 7), TimeSpan.FromSeconds(switches.Number("--seconds", 3)));
                await LoadReport.WriteAsync(
                    switches.Has("--short") ? await LoadBenchmark.RunAsync(Cell.Middle, [Contender.Yarp], turns, duration, Progress.Show)
                    : await LoadBenchmark.RunAsync(switches.Has("--full") ? Cell.Cube : Cell.Star, [Contender.Yarp, Contender.Nginx, Contender.RedisPerRequest], turns, duration, Progress.Show),
                    turns, duration);
                return 0;
            // What is compared with is a process of its own.
            case ["reference", var port, var upstream, var token, .. var redis]:
                await Reference.ServeAsync(int.Parse(port, CultureInfo.InvariantCulture), upstream, token, redis.SingleOrDefault());
                return 0;
            case ["stream", .. var options] when Switches.Read(options, [], ["--gib"]) is { } switches:
                await StreamBenchmark.RunAsync(Math.Clamp(switches.Number("--gib", 1), 1, 2));
                return 0;
            case ["v1"]:
                await V1Benchmark.RunAsync();
                return 0;
            case ["operators", .. var options] when Switches.Read(options, [], ["--connections"]) is { } switches:
                await OperatorsBenchmark.RunAsync(Math.Clamp(switches.Number("--connections", 100_000), 100, 1_000_000));
                return 0;
            default:
                await Console.Error.WriteLineAsync("Usage:\n" + Usage);
                return 2;
        }
    }
}
