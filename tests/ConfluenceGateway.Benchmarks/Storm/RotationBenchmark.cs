using System.Diagnostics;
using System.Globalization;
using System.Text;
using ConfluenceGateway.Benchmarks.Load;
using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks.Storm;

/// <summary>
/// What a rotation costs: a request to each of many connections whose tokens have ended, beside the same requests a moment later.
/// </summary>
internal static class RotationBenchmark
{
    private const int Connections = 2_000;
    private const int AtOnce = 64;
    private const string Prefix = "rotation:";

    public static async Task RunAsync(int turns)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var endpoint = await SlowTokenEndpoint.StartAsync(TimeSpan.Zero);
        await Store.MakeAsync(redis, Prefix, Connections * (turns + 1), TimeSpan.FromMinutes(-1));

        await using var replica = await Contender.GatewayAsync(upstream, http2: true, redis, Prefix, endpoint.Url);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{replica.Port}") };
        var (ended, good) = (new List<Cost>(), new List<Cost>());
        for (var turn = 0; turn <= turns; turn++)
        {
            Progress.Show((double)turn / (turns + 1), $"rotations {turn + 1}");
            var some = Enumerable.Range(turn * Connections, Connections).ToList();
            endpoint.TakeExchanges();
            var rotations = await MeasureAsync(client, replica, redis, some);
            if (endpoint.TakeExchanges().Count != Connections)
            {
                throw new InvalidOperationException("Each token is exchanged once.");
            }

            var requests = await MeasureAsync(client, replica, redis, some);
            if (turn > 0)
            {
                ended.Add(rotations);
                good.Add(requests);
            }
        }

        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{Connections:N0} connections, {AtOnce} requests at once, one replica; the token endpoint answers at once. {turns} turns; medians, with the least and the most in brackets. {Machine.Description}.")
            .AppendLine()
            .AppendLine("| a request | whose token has ended | whose token is good |")
            .AppendLine("|---|---|---|");
        foreach (var (what, value, unit) in new (string, Func<Cost, double>, string)[]
        {
            ("a second", cost => cost.Rate, ""), ("CPU of the gateway", cost => cost.Gateway, " µs"), ("CPU of Redis", cost => cost.Redis, " µs"), ("commands to Redis", cost => cost.Commands, ""),
        })
        {
            text.AppendLine($"| {what} | {Spread.Of(ended.Select(value)).ToString("0.#", unit)} | {Spread.Of(good.Select(value)).ToString("0.#", unit)} |");
        }

        await Machine.ReportAsync("rotations.md", text.ToString());
    }

    private static async Task<Cost> MeasureAsync(HttpClient client, Contender replica, RedisServer redis, List<int> connections)
    {
        var (commands, cpu, ofRedis, begun) = (await redis.StatisticAsync("total_commands_processed"), replica.Program.CpuSeconds, redis.CpuSeconds, Stopwatch.GetTimestamp());
        await Parallel.ForEachAsync(connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellation) =>
        {
            using var answer = await client.GetAsync(replica.Targets([number], 4_500).Single(), cancellation);
            answer.EnsureSuccessStatusCode();
        });
        var took = Stopwatch.GetElapsedTime(begun);
        return new Cost(
            connections.Count / took.TotalSeconds, (replica.Program.CpuSeconds - cpu) * 1e6 / connections.Count, (redis.CpuSeconds - ofRedis) * 1e6 / connections.Count,
            // Asking is a command too.
            (await redis.StatisticAsync("total_commands_processed") - commands - 1) / (double)connections.Count);
    }

    /// <summary>Of one request: how many a second, microseconds, microseconds, commands.</summary>
    private sealed record Cost(double Rate, double Gateway, double Redis, double Commands);
}
