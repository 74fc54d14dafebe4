using ConfluenceGateway.Benchmarks.Rig;
using StackExchange.Redis;

namespace ConfluenceGateway.Benchmarks.Load;

/// <summary>The published gateway under load, in turns with what it is compared with.</summary>
internal static class LoadBenchmark
{
    private const string Prefix = "bench:";

    // Until everything that is hot has been compiled once more with what was learnt of it.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    /// <summary>Measures cells.</summary>
    /// <param name="cells">Which.</param>
    /// <param name="names">Who takes part beside the gateway.</param>
    /// <param name="turns">How many turns each has.</param>
    /// <param name="duration">How long a turn is.</param>
    /// <param name="progress">Is told what share is done, and what comes next.</param>
    public static async Task<IReadOnlyList<Measured>> RunAsync(IReadOnlyList<Cell> cells, IReadOnlyList<string> names, int turns, TimeSpan duration, Action<double, string> progress)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await FillAsync(redis, cells.Max(cell => cell.InUse));
        var measured = new List<Measured>();
        foreach (var protocol in cells.GroupBy(cell => cell.Http2))
        {
            var contenders = new List<Contender>();
            try
            {
                contenders.Add(await Contender.GatewayAsync(upstream, protocol.Key, redis, Prefix));
                foreach (var name in names)
                {
                    contenders.Add(await StartAsync(name, upstream, protocol.Key, redis));
                }

                foreach (var contender in contenders)
                {
                    progress((double)measured.Count / cells.Count, $"warming up {contender.Name}");
                    await Wrk.RunAsync(contender.Port, contender.Targets([0], 4_500), 64, WarmUp);
                }

                foreach (var cell in protocol)
                {
                    measured.Add(await MeasureAsync(cell, contenders, turns, duration, (done, what) => progress((measured.Count + done) / cells.Count, what)));
                }
            }
            finally
            {
                foreach (var contender in contenders)
                {
                    await contender.DisposeAsync();
                }
            }
        }

        return measured;
    }

    private static async Task<Contender> StartAsync(string name, Upstream upstream, bool http2, RedisServer redis) => name switch
    {
        Contender.Yarp => await Contender.YarpAsync(upstream, http2),
        Contender.RedisPerRequest => await Contender.YarpAsync(upstream, http2, redis),
        Contender.Nginx => await Contender.NginxAsync(upstream),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "nobody is called that"),
    };

    private static async Task<Measured> MeasureAsync(Cell cell, IReadOnlyList<Contender> contenders, int turns, TimeSpan duration, Action<double, string> progress)
    {
        var done = contenders.ToDictionary(contender => contender.Name, _ => new List<Turn>());
        // The first turn of each is not counted: connections open, and what is new to a cell is read and compiled.
        for (var turn = 0; turn <= turns; turn++)
        {
            // Each is first as often as last.
            foreach (var contender in turn % 2 == 0 ? contenders : contenders.Reverse())
            {
                progress((double)turn / (turns + 1), $"{cell}: {contender.Name}");
                var before = contender.Program.CpuSeconds;
                var run = await Wrk.RunAsync(contender.Port, contender.Targets(Enumerable.Range(0, cell.InUse), cell.Length), cell.Callers, duration);
                if (turn > 0)
                {
                    done[contender.Name].Add(new Turn((contender.Program.CpuSeconds - before) * 1e6 / run.Requests, run.Requests / run.Seconds, run.P50, run.P99));
                }
            }
        }

        return new Measured(cell, done.ToDictionary(pair => pair.Key, IReadOnlyList<Turn> (pair) => pair.Value));
    }

    private static async Task FillAsync(RedisServer redis, int connections)
    {
        await Store.MakeAsync(redis, Prefix, connections, TimeSpan.FromHours(12));
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var database = multiplexer.GetDatabase();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(number => database.StringSetAsync($"token:{Store.CloudId(number)}", Store.Token)));
    }
}
