using System.Diagnostics;
using System.Globalization;
using System.Text;
using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks;

/// <summary>
/// The settings of the client that asks Atlassian, each beside other choices: .NET's client and a server in this process, without the gateway, whose CPU times
/// are of both ends.
/// </summary>
internal static class ClientBenchmark
{
    private const int Callers = 256;
    private const int RequestsOfEach = 6;

    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(20);
    private static readonly (string Name, int Bytes)[] Windows = [("as the client has it", 0), ("256 KiB", 256 << 10), ("1 MiB", 1 << 20)];

    public static async Task RunAsync(int turns)
    {
        await using var server = await Http2Server.StartAsync();
        await using var way = LongWay.Start(server.Port, OneWay);
        var text = new StringBuilder().AppendLine(
            CultureInfo.InvariantCulture,
            $"HTTP/2 over TLS, {Http2Server.Streams} streams a connection. {turns} turns; medians, with the least and the most in brackets. {Machine.Description}.");

        using var several = server.Open();
        using var one = server.Open(several: false);
        await CompareAsync(
            text, turns, $"{Callers} callers of pages that take {Http2Server.Slow.TotalMilliseconds} ms", ("requests/s", ""), ("p99", " ms"),
            ("several connections", () => SlowAsync(several)), ("one connection", () => SlowAsync(one)));

        await CompareAsync(
            text, turns, "a page", ("time", " µs"), ("CPU", " µs"),
            ("on an open connection", () => PagesAsync(200, () => several.GetByteArrayAsync("/page"))),
            ("on a new connection", () => PagesAsync(200, async () =>
            {
                using var fresh = server.Open();
                await fresh.GetByteArrayAsync("/page");
            })));

        foreach (var (from, port) in new[] { ("here", server.Port), ($"{2 * OneWay.TotalMilliseconds} ms away", way.Port) })
        {
            var clients = Windows.Select(window => (window.Name, Client: server.Open(window: window.Bytes, port: port))).ToList();
            foreach (var (path, length) in new[] { ("/page", "4.5 KB"), ("/medium", "100 KB"), ("/large", "1 MB") })
            {
                await CompareAsync(
                    text, turns, $"{length} from {from}, first window", ("time", " µs"), ("CPU", " µs"),
                    [.. clients.Select(each => (each.Name, (Func<Task<(double, double)>>)(() => PagesAsync(20, () => each.Client.GetByteArrayAsync(path)))))]);
            }

            await CompareAsync(
                text, turns, $"{Http2Server.LongBody >> 20} MiB from {from}, first window", ("MB/s", ""), ("CPU", " ms"),
                [.. clients.Select(each => (each.Name, (Func<Task<(double, double)>>)(() => LongAsync(each.Client))))]);
            clients.ForEach(each => each.Client.Dispose());
        }

        await CompareAsync(
            text, turns, $"{Http2Server.Streams} long bodies that nobody reads, first window", ("memory of each", " KiB"), ("CPU", " ms"),
            [.. Windows.Select(window => (window.Name, (Func<Task<(double, double)>>)(() => UnreadAsync(server, window.Bytes))))]);
        await Machine.ReportAsync("client.md", text.ToString());
    }

    private static async Task CompareAsync(
        StringBuilder text, int turns, string what, (string Name, string Unit) first, (string Name, string Unit) second, params (string Name, Func<Task<(double First, double Second)>> MeasureAsync)[] choices)
    {
        var results = choices.ToDictionary(choice => choice.Name, _ => new List<(double First, double Second)>());
        // The first is not counted, and every other goes in the opposite order.
        for (var turn = 0; turn <= turns; turn++)
        {
            foreach (var (name, measureAsync) in turn % 2 == 0 ? choices : choices.Reverse())
            {
                Progress.Show((double)turn / (turns + 1), $"{what}: {name}");
                var result = await measureAsync();
                if (turn > 0)
                {
                    results[name].Add(result);
                }
            }
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"| {what} | {first.Name} | {second.Name} |").AppendLine("|---|---|---|");
        foreach (var (name, all) in results)
        {
            text.AppendLine($"| {name} | {Spread.Of(all.Select(each => each.First)).ToString("f0", first.Unit)} | {Spread.Of(all.Select(each => each.Second)).ToString("f0", second.Unit)} |");
        }
    }

    private static async Task<(double Rate, double P99)> SlowAsync(HttpClient client)
    {
        var begun = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            var own = new double[RequestsOfEach];
            for (var number = 0; number < RequestsOfEach; number++)
            {
                var asked = Stopwatch.GetTimestamp();
                await client.GetByteArrayAsync("/slow");
                own[number] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            }

            return own;
        }));
        var took = Stopwatch.GetElapsedTime(begun);
        var sorted = times.SelectMany(own => own).Order().ToList();
        return (sorted.Count / took.TotalSeconds, sorted[(int)(sorted.Count * .99)]);
    }

    private static async Task<(double Speed, double Cpu)> LongAsync(HttpClient client)
    {
        var (begun, cpu) = (Stopwatch.GetTimestamp(), Cpu());
        await using var body = await client.GetStreamAsync("/long");
        await body.CopyToAsync(Stream.Null);
        return (Http2Server.LongBody / 1e6 / Stopwatch.GetElapsedTime(begun).TotalSeconds, (Cpu() - cpu).TotalMilliseconds);
    }

    private static async Task<(double Memory, double Cpu)> UnreadAsync(Http2Server server, int window)
    {
        var (cpu, before) = (Cpu(), GC.GetTotalMemory(forceFullCollection: true));
        using var client = server.Open(window: window);
        var answers = await Task.WhenAll(Enumerable.Range(0, Http2Server.Streams).Select(_ => client.GetAsync("/long", HttpCompletionOption.ResponseHeadersRead)));
        // What is on its way arrives meanwhile, however slow the machine.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        foreach (var answer in answers)
        {
            answer.Dispose();
        }

        return (memory / 1024.0 / Http2Server.Streams, (Cpu() - cpu).TotalMilliseconds);
    }

    private static async Task<(double Time, double Cpu)> PagesAsync(int pages, Func<Task> askAsync)
    {
        var (begun, cpu) = (Stopwatch.GetTimestamp(), Cpu());
        for (var number = 0; number < pages; number++)
        {
            await askAsync();
        }

        return (Stopwatch.GetElapsedTime(begun).TotalMicroseconds / pages, (Cpu() - cpu).TotalMicroseconds / pages);
    }

    private static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;
}
