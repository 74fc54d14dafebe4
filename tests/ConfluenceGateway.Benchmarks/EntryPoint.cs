using System.Runtime.Versioning;
using ConfluenceGateway.Benchmarks.Load;
using ConfluenceGateway.Benchmarks.Micro;
using ConfluenceGateway.Benchmarks.Scale;
using ConfluenceGateway.Benchmarks.Storm;

// Processes are looked at by way of /proc, and compared with what Linux has.
[assembly: SupportedOSPlatform("linux")]

namespace ConfluenceGateway.Benchmarks;

/// <summary>Measurements that take too long for a test run.</summary>
internal static class EntryPoint
{
    private const string Usage = """
        bench [--full | --short] [--turns N] [--seconds N]
                                    the published gateway under load, in turns with bare YARP, nginx, and YARP with a token from Redis; all
                                    combinations of loads with --full, 4.5 KB and 64 callers with --short; 7 turns of 3 seconds
        micro [--only TEXT]         each part of a request's way: time and allocated bytes
        storm [--turns N]           3 replicas with 200 callers each when a token has ended, beside the same when it is good
        rotations [--turns N]       what a rotation costs the gateway and Redis
        scale [--connections N]     what grows with the number of connections: N (100,000) beside 100
        stream [--gib N] [--turns N] N GiB (1) up and down, in turns with bare YARP
        start [--turns N]           process start to first proxied answer, in turns with bare YARP
        client [--turns N]          the settings of the client that asks Atlassian, beside other choices
        v1                          operations of v1 served by v2, beside the calls of v2 themselves
        all                         everything above, one after the other: more than an hour
        check                       a short run that fails when a request costs more than it may
        hold [--http2] [--seconds N] the gateway and what it is compared with, left running for a profiler
        """;

    private static readonly string[][] All =
        [["bench"], ["micro"], ["storm"], ["rotations"], ["scale"], ["scale", "--connections", "1000000"], ["stream"], ["start"], ["client"], ["v1"]];

    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["bench", .. var options] when Switches.Read(options, ["--full", "--short"], ["--turns", "--seconds"]) is { } switches:
                var (turns, duration) = (switches.Number("--turns", 7), TimeSpan.FromSeconds(switches.Number("--seconds", 3)));
                var cells = switches.Has("--short") ? Cell.Middle : switches.Has("--full") ? Cell.Cube : Cell.Star;
                await LoadReport.WriteAsync(
                    await LoadBenchmark.RunAsync(cells, [Contender.Yarp, Contender.Nginx, Contender.RedisPerRequest], turns, duration, Progress.Show), turns, duration);
                return 0;
            case ["hold", .. var options] when Switches.Read(options, ["--http2"], ["--seconds"]) is { } switches:
                await Hold.RunAsync(switches.Has("--http2"), TimeSpan.FromSeconds(switches.Number("--seconds", 60)));
                return 0;
            case ["micro"]:
                MicroBenchmark.Run(null);
                return 0;
            case ["micro", "--only", var text]:
                MicroBenchmark.Run(text);
                return 0;
            case ["storm", .. var options] when Switches.Read(options, [], ["--turns"]) is { } switches:
                await StormBenchmark.RunAsync(switches.Number("--turns", 30));
                return 0;
            case ["rotations", .. var options] when Switches.Read(options, [], ["--turns"]) is { } switches:
                await RotationBenchmark.RunAsync(switches.Number("--turns", 7));
                return 0;
            case ["scale", .. var options] when Switches.Read(options, [], ["--connections"]) is { } switches:
                await ScaleBenchmark.RunAsync(Math.Clamp(switches.Number("--connections", 100_000), 100, 1_000_000));
                return 0;
            case ["stream", .. var options] when Switches.Read(options, [], ["--gib", "--turns"]) is { } switches:
                await StreamBenchmark.RunAsync(Math.Clamp(switches.Number("--gib", 1), 1, 2), switches.Number("--turns", 7));
                return 0;
            case ["start", .. var options] when Switches.Read(options, [], ["--turns"]) is { } switches:
                await StartBenchmark.RunAsync(switches.Number("--turns", 9));
                return 0;
            case ["client", .. var options] when Switches.Read(options, [], ["--turns"]) is { } switches:
                await ClientBenchmark.RunAsync(switches.Number("--turns", 7));
                return 0;
            case ["all"]:
                foreach (var command in All)
                {
                    Console.WriteLine($"\n== {string.Join(' ', command)}\n");
                    await Main(command);
                }

                return 0;
            case ["check"]:
                return await RegressionCheck.RunAsync() ? 0 : 1;
            case ["v1"]:
                await V1Benchmark.RunAsync();
                return 0;
            default:
                await Console.Error.WriteLineAsync("Usage:\n" + Usage);
                return 2;
        }
    }
}
