using System.Globalization;
using ConfluenceGateway.Benchmarks.Load;
using ConfluenceGateway.Benchmarks.Rig;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Benchmarks;

/// <summary>A short run that fails when a request costs more than it may: what a change made dearer is seen before it is merged.</summary>
internal static class RegressionCheck
{
    private const string Prefix = "check:";
    private const int Callers = 16;
    private static readonly TimeSpan Run = TimeSpan.FromSeconds(4);

    /// <summary>Bytes that the gateway allocates for a request beyond what bare YARP does, server and client left out: the same each time.</summary>
    private const int Bytes = 264;

    /// <summary>And with them, as steps allocate that have to wait: now more, now less.</summary>
    private const int MostBytes = 1_500;

    /// <summary>Signs of life, what replicas tell each other of the quota, and a look at each connection in use every half a minute.</summary>
    private const double MostCommands = 5;

    /// <summary>Between them lie what a busy machine adds by itself, and what nobody would overlook.</summary>
    private const double MostCpu = 1.35;

    /// <summary>Prints the figures.</summary>
    /// <returns>Whether all of them are good.</returns>
    public static async Task<bool> RunAsync()
    {
        await using var upstream = await Upstream.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await Store.MakeAsync(redis, Prefix, 1, TimeSpan.FromHours(12));

        var beyond = await InMemoryAsync(redis) - await InMemoryForwarderAsync();
        var (bytes, commands) = await GatewayAsync(upstream, redis);
        var bare = await ForwarderAsync(upstream);
        var ratio = (await LoadBenchmark.RunAsync([Cell.Middle[^1]], [Contender.Yarp], turns: 3, TimeSpan.FromSeconds(2), Progress.Show)).Single().Ratio(Contender.Yarp)!;
        Console.WriteLine($"With sockets a request allocates {bytes:f0} bytes, {bare:f0} of them in bare YARP too; its CPU time beside that of bare YARP is {ratio.ToString("f2")}.");
        return TellExactly("bytes allocated for a request beyond bare YARP, without sockets", beyond, Bytes)
            & Tell("the same with sockets", bytes - bare, MostBytes)
            & Tell("commands to Redis a second, whatever the requests", commands, MostCommands)
            & Tell("CPU time beside bare YARP", ratio.Median, MostCpu);
    }

    private static async Task<double> InMemoryAsync(RedisServer redis)
    {
        using var memory = InMemory.Serving(4_500);
        await using var gateway = await Store.OpenAsync(redis, Prefix, configure: memory.Replace);
        return await memory.BytesOfAsync($"/confluence/{Store.Id(0)}/{Upstream.Page(4_500)}");
    }

    private static async Task<double> InMemoryForwarderAsync()
    {
        using var memory = InMemory.Serving(4_500);
        await using var forwarder = await BareForwarder.Program.BuildAsync(["0", "http://127.0.0.1:9", Store.Token], memory.Replace);
        await forwarder.StartAsync();
        return await memory.BytesOfAsync($"/ex/confluence/{Store.CloudId(0)}/{Upstream.Page(4_500)}");
    }

    private static async Task<(double Bytes, double Commands)> GatewayAsync(Upstream upstream, RedisServer redis)
    {
        var port = Ports.Take();
        await using var gateway = await Store.OpenAsync(redis, Prefix, port, upstream.PlainUrl);
        var target = $"/confluence/{Store.Id(0)}/{Upstream.Page(4_500)}";
        await Wrk.RunAsync(port, [target], Callers, Run);
        var before = await redis.StatisticAsync("total_commands_processed");
        var bytes = await BytesAsync(port, target);
        return (bytes, (await redis.StatisticAsync("total_commands_processed") - before) / Run.TotalSeconds);
    }

    private static async Task<double> ForwarderAsync(Upstream upstream)
    {
        var port = Ports.Take();
        await using var forwarder = await BareForwarder.Program.BuildAsync([port.ToString(CultureInfo.InvariantCulture), upstream.PlainUrl, Store.Token]);
        await forwarder.StartAsync();
        var target = $"/ex/confluence/{Store.CloudId(0)}/{Upstream.Page(4_500)}";
        await Wrk.RunAsync(port, [target], Callers, Run);
        return await BytesAsync(port, target);
    }

    private static async Task<double> BytesAsync(int port, string target)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var run = await Wrk.RunAsync(port, [target], Callers, Run);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)run.Requests;
    }

    private static bool TellExactly(string what, double value, double exactly)
    {
        var good = value == exactly;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(good ? "good" : "CHANGED")}: {what}: {value:0.##}, and {exactly:0.##} as noted in {nameof(RegressionCheck)}"));
        return good;
    }

    private static bool Tell(string what, double value, double most)
    {
        var good = value <= most;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(good ? "good" : "TOO MUCH")}: {what}: {value:0.##}, {most:0.##} at most"));
        return good;
    }
}
