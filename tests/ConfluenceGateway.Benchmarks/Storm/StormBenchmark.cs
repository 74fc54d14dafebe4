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

    // Replicas that have just started compile in the background, on the cores that are measured, and what runs once in a storm is
    // compiled late. So before the first storm each replica takes part in thousands of rotations.
    private const int Rounds = 20;
    private const int WarmUps = 20;

    private const string Prefix = "storm:";
    private static readonly TimeSpan Exchange = TimeSpan.FromMilliseconds(300);

    public static async Task RunAsync(int turns)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var endpoint = await SlowTokenEndpoint.StartAsync(Exchange);
        await Store.MakeAsync(redis, Prefix, (Rounds * CallersOfEach) + WarmUps + turns, TimeSpan.FromMinutes(-1));
        var replicas = new List<Contender>();
        var callers = new List<LeanCaller>();
        try
        {
            for (var number = 0; number < Replicas; number++)
            {
                replicas.Add(await Contender.GatewayAsync(upstream, http2: true, redis, Prefix, endpoint.Url));
            }

            for (var caller = 0; caller < Replicas * CallersOfEach; caller++)
            {
                callers.Add(await LeanCaller.ConnectAsync(replicas[caller % Replicas].Port));
            }

            await ReportAsync(await MeasureAsync(turns, endpoint, replicas, callers), turns);
        }
        finally
        {
            callers.ForEach(caller => caller.Dispose());
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }
    }

    private static async Task<IReadOnlyList<Storm>> MeasureAsync(int turns, SlowTokenEndpoint endpoint, List<Contender> replicas, List<LeanCaller> callers)
    {
        byte[] Request(int connection) => LeanCaller.Request(replicas[0].Targets([connection], 4_500).Single());
        List<byte[]> SameOfAll(int connection) => [.. Enumerable.Repeat(Request(connection), callers.Count)];
        for (var round = 0; round < Rounds; round++)
        {
            Progress.Show((double)round / Rounds, $"round {round + 1}");
            await BurstAsync([.. Enumerable.Range(0, callers.Count).Select(caller => Request((round * CallersOfEach) + (caller / Replicas)))], callers);
        }

        var storms = new List<Storm>();
        for (var number = 0; number < WarmUps + turns; number++)
        {
            Progress.Show((double)number / (WarmUps + turns), $"storm {number + 1}");
            var requests = SameOfAll((Rounds * CallersOfEach) + number);
            // Threads and connections awake, as those of apps that work are.
            await BurstAsync(SameOfAll(0), callers);
            endpoint.TakeExchanges();
            var (begun, before) = (Stopwatch.GetTimestamp(), Cpu(replicas));
            var onExpiry = await BurstAsync(requests, callers);
            var exchanges = endpoint.TakeExchanges();
            var between = Cpu(replicas);
            var callersBefore = Environment.CpuUsage.TotalTime;
            var steady = await BurstAsync(requests, callers);
            var ofCallers = Environment.CpuUsage.TotalTime - callersBefore;
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
                    (after - between) * 1000,
                    ofCallers.TotalMilliseconds));
            }
        }

        return storms;
    }

    /// <summary>How long each caller waited, in milliseconds, from the least to the most.</summary>
    private static async Task<IReadOnlyList<double>> BurstAsync(IReadOnlyList<byte[]> requests, IReadOnlyList<LeanCaller> callers)
    {
        var begun = Stopwatch.GetTimestamp();
        var waits = await Task.WhenAll(callers.Zip(requests, async (caller, request) =>
        {
            // From one moment on: how long it takes to send so many is in both bursts.
            await caller.AskAsync(request);
            return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }));
        return [.. waits.Order()];
    }

    private static async Task ReportAsync(IReadOnlyList<Storm> storms, int turns)
    {
        string Of(Func<Storm, double> value) => Spread.Of(storms.Select(value)).ToString("f0", " ms");
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{Replicas} replicas with {CallersOfEach} callers each, all at once; an exchange takes {Exchange.TotalMilliseconds:f0} ms and more. {turns} turns, after {Rounds * CallersOfEach:N0} rotations and {WarmUps} storms that do not count; medians, with the least and the most in brackets. {Machine.Description}.")
            .AppendLine()
            .AppendLine("| | p50 | p99 |")
            .AppendLine("|---|---|---|")
            .AppendLine($"| token ended | {Of(storm => At(storm.OnExpiry, .5))} | {Of(storm => At(storm.OnExpiry, .99))} |")
            .AppendLine($"| token good | {Of(storm => At(storm.Steady, .5))} | {Of(storm => At(storm.Steady, .99))} |")
            .AppendLine($"| waiting adds over the exchange | {Of(storm => At(storm.OnExpiry, .5) - storm.Exchange)} | {Of(storm => At(storm.OnExpiry, .99) - storm.Exchange)} |")
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
            .AppendLine(CultureInfo.InvariantCulture, $"CPU of all replicas for a storm {storms.Average(storm => storm.CpuOnExpiry):f1} ms, and {storms.Average(storm => storm.CpuSteady):f1} ms while the token is good; the load generator {storms.Average(storm => storm.CpuOfCallers):f1} ms for the latter; means.")
            .AppendLine()
            .AppendLine($"Exchanges for one storm: {string.Join(", ", storms.Select(storm => storm.Exchanges).Distinct().Order())}. The exchange as the token endpoint saw it: {Of(storm => storm.Exchange)}.");
        await Machine.ReportAsync("storm.md", text.ToString());
    }

    private static double Cpu(IReadOnlyList<Contender> replicas) => replicas.Sum(replica => replica.Program.CpuSeconds);

    private static double Added(Storm storm, double share) => At(storm.OnExpiry, share) - storm.Exchange - At(storm.Steady, share);

    private static double At(IReadOnlyList<double> sorted, double share) => sorted[(int)(sorted.Count * share)];

    private sealed record Storm(
        int Exchanges, double Begins, double Exchange, IReadOnlyList<double> OnExpiry, IReadOnlyList<double> Steady, double CpuOnExpiry, double CpuSteady, double CpuOfCallers);
}
