using System.Globalization;

namespace ConfluenceGateway.Benchmarks;

/// <summary>Measurements that take too long for a test run.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["stream"]:
                await StreamBenchmark.RunAsync(gib: 1);
                return 0;
            case ["stream", "--gib", var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var gib) && gib is > 0 and <= 2:
                await StreamBenchmark.RunAsync(gib);
                return 0;
            case ["v1"]:
                await V1Benchmark.RunAsync();
                return 0;
            case ["operators"]:
                await OperatorsBenchmark.RunAsync(connections: 100_000);
                return 0;
            case ["operators", "--connections", var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var connections) && connections is >= 100 and <= 1_000_000:
                await OperatorsBenchmark.RunAsync(connections);
                return 0;
            default:
                await Console.Error.WriteLineAsync("Usage: stream [--gib N]    N GiB (1 or 2) through a gateway, up and then down\n       v1                  operations of v1 served by v2, beside the calls of v2 themselves\n       operators [--connections N]    lists, searches and the overview over N connections (100,000), beside 100; needs redis-server");
                return 2;
        }
    }
}
