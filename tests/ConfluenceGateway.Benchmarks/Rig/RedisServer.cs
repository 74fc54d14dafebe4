using System.Globalization;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>A Redis for one measurement. It keeps nothing.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly RunningProgram _program;

    private RedisServer(RunningProgram program, int port) => (_program, Port) = (program, port);

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>CPU time that it took so far, in seconds.</summary>
    public double CpuSeconds => _program.CpuSeconds;

    public static async Task<RedisServer> StartAsync()
    {
        var port = Ports.Take();
        return new RedisServer(
            await RunningProgram.StartAsync("redis-server", ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--appendonly", "no", "--save", ""], port), port);
    }

    /// <summary>A number that <c>INFO</c> tells, such as <c>used_memory</c>.</summary>
    public async Task<long> StatisticAsync(string name)
    {
        var told = await Machine.RunAsync("redis-cli", ["-p", Port.ToString(CultureInfo.InvariantCulture), "INFO"]);
        return long.Parse(told.Split('\n').Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
