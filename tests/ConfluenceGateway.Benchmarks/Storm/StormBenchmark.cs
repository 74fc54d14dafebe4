using System.Diagnostics;
using System.Globalization;
using System.Text;
using ConfluenceGateway.Benchmarks.Load;
using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks.Storm;

/// <summary>
/// A token has ended, and all callers of all replicas ask at once. Beside it, the same callers ask at once while the token is good: what
/// this machine needs for so many requests anyway.
/// </summary>
internal static class StormBenchmark
{
    private const int Replicas = 3;
    private const int CallersOfEach = 200;

    // Replicas that have just started compile in the background, on the cores that are measured: a storm took 271 ms of CPU with 3 turns before those that count, and 58 with 60.
    private const int WarmUps = 60;

    private const string Prefix = "storm:";
    private static readonly TimeSpan Exchange = TimeSpan.FromMilliseconds(300);

    public static async Task RunAsync(int turns)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var endpoint = await SlowTokenEndpoint.StartAsync(Exchange);
        await Store.MakeAsync(redis, Prefix, WarmUps + turns, TimeSpan.FromMinutes(-1));
        var replicas = new List<Contender>();
        var clients = new List<HttpClient>();
        try
        {
            for (var number = 0; number < Replicas; number++)
            {
                replicas.Add(await Contender.GatewayAsync(upstream, http2: true, redis, Prefix, endpoint.Url));
                clients.Add(new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{replicas[^1].Port}") });
            }

            await ReportAsync(await MeasureAsync(turns, endpoint, replicas, clients), turns);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }
    }

    private static async Task<IReadOnlyList<Storm>> MeasureAsync(int turns, SlowTokenEndpoint endpoint, IReadOnlyList<Contender> replicas, IReadOnlyList<HttpClient> clients)
    {
        var storms = new List<Storm>();
        for (var number = 0; number < WarmUps + turns; number++)
        {
            Progress.Show((double)number / (WarmUps + turns), $"storm {number + 1}");
            // Connections of callers that lie open, as those of apps do.
            await BurstAsync(replicas, clients, number == 0 ? 0 : number - 1);
            endpoint.TakeExchanges();
            var (begun, before) = (Stopwatch.GetTimestamp(), Cpu(replicas));
            var onExpiry = await BurstAsync(replicas, clients, number);
            var exchanges = endpoint.TakeExchanges();
            var between = Cpu(replicas);
            var steady = await BurstAsync(replicas, clients, number);
            var after = Cpu(replicas);
            if (endpoint.TakeExchanges().Count > 0)
            {
                throw new InvalidOperationException("A token that is good was exchanged.");
            }

            if (number >= WarmUps)
            {
                var exchange = exchanges[0];
                storms.Add(new Storm(
                    exchanges.Count,
                    Stopwatch.GetElapsedTime(begun, exchange.Arrived).TotalMilliseconds,
                    Stopwatch.GetElapsedTime(exchange.Arrived, exchange.Answered).TotalMilliseconds,
                    onExpiry,
                    steady,
                    (between - before) * 1000,
                    (after - between) * 1000));
            }
        }

        return storms;
    }

    /// <summary>How long each caller waited, in milliseconds, from the least to the most.</summary>
    private static async Task<IReadOnlyList<double>> BurstAsync(IReadOnlyList<Contender> replicas, IReadOnlyList<HttpClient> clients, int connection)
    {
        var path = replicas[0].Prefix(connection) + Upstream.Page(4_500);
        var begun = Stopwatch.GetTimestamp();
        var waits = await Task.WhenAll(Enumerable.Range(0, Replicas * CallersOfEach).Select(async caller =>
        {
            // From one moment on: how long it takes to send so many is in both bursts.
            using var answer = await clients[caller % Replicas].GetAsync(path);
            return answer.IsSuccessStatusCode ? Stopwatch.GetElapsedTime(begun).TotalMilliseconds : throw new InvalidOperationException($"{(int)answer.StatusCode} from replica {caller % Replicas}");
        }));
        return [.. waits.Order()];
    }

    private static async Task ReportAsync(IReadOnlyList<Storm> storms, int turns)
    {
        string Of(Func<Storm, double> value) => Spread.Of(storms.Select(value)).ToString("f0", " ms");
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{Replicas} replicas with {CallersOfEach} callers each, all at once; an exchange takes {Exchange.TotalMilliseconds:f0} ms and more. {turns} turns; medians, with the least and the most in brackets. {Machine.Description}.")
            .AppendLine()
            .AppendLine("| | p50 | p99 |")
            .AppendLine("|---|---|---|")
            .AppendLine($"| token ended | {Of(storm => At(storm.OnExpiry, .5))} | {Of(storm => At(storm.OnExpiry, .99))} |")
            .AppendLine($"| token good | {Of(storm => At(storm.Steady, .5))} | {Of(storm => At(storm.Steady, .99))} |")
            .AppendLine($"| waiting adds over the exchange and the burst | {Of(storm => Added(storm, .5))} | {Of(storm => Added(storm, .99))} |")
            .AppendLine()
            .AppendLine("| from the first request on | |")
            .AppendLine("|---|---|")
            .AppendLine($"| the exchange reaches the token endpoint | {Of(storm => storm.Begins)} |")
            .AppendLine($"| its answer leaves | {Of(storm => storm.Begins + storm.Exchange)} |")
            .AppendLine($"| the first caller has its answer | {Of(storm => storm.OnExpiry[0])} |")
            .AppendLine($"| half of them | {Of(storm => At(storm.OnExpiry, .5))} |")
            .AppendLine($"| all but one in a hundred | {Of(storm => At(storm.OnExpiry, .99))} |")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"CPU of all replicas for a storm {storms.Average(storm => storm.CpuOnExpiry):f1} ms, and {storms.Average(storm => storm.CpuSteady):f1} ms while the token is good; means.")
            .AppendLine()
            .AppendLine($"Exchanges for one storm: {string.Join(", ", storms.Select(storm => storm.Exchanges).Distinct().Order())}. The exchange as the token endpoint saw it: {Of(storm => storm.Exchange)}.");
        await Machine.ReportAsync("storm.md", text.ToString());
    }

    private static double Cpu(IReadOnlyList<Contender> replicas) => replicas.Sum(replica => replica.Program.CpuSeconds);

    private static double Added(Storm storm, double share) => At(storm.OnExpiry, share) - storm.Exchange - At(storm.Steady, share);

    private static double At(IReadOnlyList<double> sorted, double share) => sorted[(int)(sorted.Count * share)];

    private sealed record Storm(
        int Exchanges, double Begins, double Exchange, IReadOnlyList<double> OnExpiry, IReadOnlyList<double> Steady, double CpuOnExpiry, double CpuSteady);
}
