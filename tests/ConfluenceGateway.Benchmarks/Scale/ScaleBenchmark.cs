using System.Diagnostics;
using System.Globalization;
using System.Text;
using ConfluenceGateway.Benchmarks.Load;
using ConfluenceGateway.Benchmarks.Rig;
using ConfluenceGateway.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using KeepAlive = ConfluenceGateway.Tokens.KeepAlive;

namespace ConfluenceGateway.Benchmarks.Scale;

/// <summary>
/// What grows with the number of connections, beside a gateway on the same Redis that has few. The connections are real records, encrypted
/// grants among them; one in fifty is dead, one in ten was never connected.
/// </summary>
internal static class ScaleBenchmark
{
    private const int Few = 100;
    private const int Ticks = 9;

    // The directory of more is larger than what such a container has.
    private const int MostInSmallContainer = 100_000;
    private const int Starts = 7;
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(20);
    private static readonly string[] Prefixes = ["many:", "few:"];

    public static async Task RunAsync(int connections)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var many = await Store.OpenAsync(redis, "many:");
        await using var few = await Store.OpenAsync(redis, "few:");
        await Store.FillAsync(few, Few, TimeSpan.FromHours(12), varied: true);
        var before = await redis.StatisticAsync("used_memory");
        Console.Error.WriteLine($"filling {connections:N0} connections …");
        var filled = await Store.FillAsync(many, connections, TimeSpan.FromHours(12), varied: true);
        var each = (await redis.StatisticAsync("used_memory") - before) / connections;
        var report = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{connections:N0} connections beside {Few}; medians, with the least and the most in brackets. {Machine.Description}.")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"| what | {connections:N0} | {Few} |")
            .AppendLine("|---|---|---|")
            .AppendLine(CultureInfo.InvariantCulture, $"| memory of Redis for a connection | {each:N0} bytes | |")
            .AppendLine(CultureInfo.InvariantCulture, $"| made in | {filled.TotalSeconds:f0} s | |");
        await QuietAsync(redis);
        await AddDirectoryAsync(report, redis);
        await AddTicksAsync(report, redis, many, few);
        await AddReplicaAsync(report, upstream, redis, connections);
        await Questions.AddAsync(report, many, few);
        await Machine.ReportAsync($"scale-{connections}.md", report.ToString());
    }

    // What was written is told: until all of it has left the outboxes, there is something to do.
    private static async Task QuietAsync(RedisServer redis)
    {
        for (long before = 0, now = long.MaxValue; now - before > 20;)
        {
            before = await redis.StatisticAsync("total_commands_processed");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            now = await redis.StatisticAsync("total_commands_processed");
        }
    }

    /// <summary>How long a gateway that starts takes until it can list, and what that takes of its memory.</summary>
    private static async Task AddDirectoryAsync(StringBuilder report, RedisServer redis)
    {
        var (before, ofRedis) = (GC.GetTotalMemory(forceFullCollection: true), redis.CpuSeconds);
        await using var gateway = await Store.OpenAsync(redis, "many:");
        var begun = Stopwatch.GetTimestamp();
        var listed = (await gateway.Services.GetRequiredService<ConnectionDirectory>().ListAsync(CancellationToken.None)).Count;
        var took = Stopwatch.GetElapsedTime(begun);
        report.AppendLine(CultureInfo.InvariantCulture, $"| the directory is loaded, behind the start | {took.TotalSeconds:f1} s, {(GC.GetTotalMemory(forceFullCollection: true) - before) / listed:N0} bytes a connection | |");
        report.AppendLine(CultureInfo.InvariantCulture, $"| CPU of Redis meanwhile, for each connection | {(redis.CpuSeconds - ofRedis) * 1e6 / listed:f1} µs | |");
    }

    /// <summary>A look at what is due, when nothing is.</summary>
    private static async Task AddTicksAsync(StringBuilder report, RedisServer redis, WebApplication many, WebApplication few)
    {
        var times = new[] { new List<double>(), [] };
        var commands = new[] { new List<double>(), [] };
        for (var turn = 0; turn <= Ticks; turn++)
        {
            foreach (var (index, gateway) in new[] { many, few }.Index())
            {
                var keepAlive = gateway.Services.GetServices<IHostedService>().OfType<KeepAlive>().Single();
                var asked = await redis.StatisticAsync("total_commands_processed");
                var begun = Stopwatch.GetTimestamp();
                await keepAlive.TickAsync(CancellationToken.None);
                var took = Stopwatch.GetElapsedTime(begun);
                if (turn > 0)
                {
                    times[index].Add(took.TotalMilliseconds);
                    // Asking is a command too.
                    commands[index].Add(await redis.StatisticAsync("total_commands_processed") - asked - 1);
                }
            }
        }

        report.AppendLine($"| keep-alive tick, nothing due | {string.Join(" | ", times.Select(all => Spread.Of(all).ToString("f2", " ms")))} |");
        report.AppendLine($"| its commands to Redis | {string.Join(" | ", commands.Select(all => Spread.Of(all).ToString("f0")))} |");
    }

    /// <summary>The published gateway: its start, and its memory before and while many connections are in use.</summary>
    private static async Task AddReplicaAsync(StringBuilder report, Upstream upstream, RedisServer redis, int connections)
    {
        var starts = new[] { new List<double>(), [] };
        await Published.GatewayAsync();
        for (var turn = 0; turn <= Starts; turn++)
        {
            Progress.Show((double)turn / (Starts + 1), $"start {turn + 1}");
            foreach (var (index, prefix) in Prefixes.Index())
            {
                var begun = Stopwatch.GetTimestamp();
                await using var replica = await Contender.GatewayAsync(upstream, http2: true, redis, prefix);
                using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
                (await client.GetAsync($"http://127.0.0.1:{replica.Port}{replica.Prefix(1)}{Upstream.Page(4_500)}")).EnsureSuccessStatusCode();
                if (turn > 0)
                {
                    starts[index].Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
            }
        }

        report.AppendLine($"| process start to first proxied answer | {string.Join(" | ", starts.Select(all => Spread.Of(all).ToString("f0", " ms")))} |");
        await AddMemoryAsync(report, upstream, redis, connections, "", 0);
        if (connections <= MostInSmallContainer)
        {
            await AddMemoryAsync(report, upstream, redis, connections, " with the heap limit of a container of 512 MiB", 384L << 20);
        }
    }

    private static async Task AddMemoryAsync(StringBuilder report, Upstream upstream, RedisServer redis, int connections, string limited, long heapLimit)
    {
        var (idle, hot) = (new List<double>(), new List<double>());
        foreach (var (prefix, inUse) in new[] { ("many:", Math.Min(connections, Cell.Many * 10 / 8)), ("few:", Few) })
        {
            await using var replica = await Contender.GatewayAsync(upstream, http2: true, redis, prefix, heapLimit: heapLimit);
            // Until its directory is loaded.
            await Task.Delay(TimeSpan.FromSeconds(5 + connections / 50_000), TimeProvider.System);
            idle.Add(replica.Program.ResidentBytes / (double)(1 << 20));
            await Wrk.RunAsync(replica.Port, replica.Targets(Enumerable.Range(0, inUse).Where(Store.IsAlive), 4_500), 64, Load);
            hot.Add(replica.Program.ResidentBytes / (double)(1 << 20));
        }

        report.AppendLine($"| resident memory of a replica{limited}, idle | {string.Join(" | ", idle.Select(bytes => $"{bytes:f0} MiB"))} |");
        report.AppendLine($"| resident memory{limited} under load, {Cell.Many:N0} connections in use beside {Few} | {string.Join(" | ", hot.Select(bytes => $"{bytes:f0} MiB"))} |");
    }
}
