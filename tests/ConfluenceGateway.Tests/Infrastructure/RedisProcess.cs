using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A <c>redis-server</c> of the tests' own, stopped without warning.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly string[] _persistence;
    private Process _process;

    private RedisProcess(Process process, int port, string[] persistence)
    {
        _process = process;
        _persistence = persistence;
        Port = port;
    }

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <param name="port">The port; null takes a free one.</param>
    /// <param name="directory">Where every write is kept on disk; null keeps nothing.</param>
    /// <param name="snapshots">Keep only what was there at the last <see cref="SaveAsync"/>, instead of every write.</param>
    public static async Task<RedisProcess> StartAsync(int? port = null, string? directory = null, bool snapshots = false)
    {
        var chosen = port ?? FreePort();
        string[] persistence = directory is null ? ["--appendonly", "no"]
            : snapshots ? ["--appendonly", "no", "--dir", directory]
            : ["--appendonly", "yes", "--appendfsync", "always", "--dir", directory];
        return new RedisProcess(await LaunchAsync(chosen, persistence), chosen, persistence);
    }

    /// <summary>SIGKILL: what is not on disk by now is lost.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>After a kill: another process on the same port and directory.</summary>
    /// <param name="primary">Whom it follows from its start; null follows nobody.</param>
    public async Task RestartAsync(RedisProcess? primary = null)
    {
        _process.Dispose();
        string[] following = primary is null ? [] : ["--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture)];
        _process = await LaunchAsync(Port, [.. _persistence, .. following]);
    }

    /// <summary>Writes all data to disk as they are now.</summary>
    public Task SaveAsync() => ExecuteAsync("SAVE");

    /// <summary>Follows another Redis; on a port where nobody listens it keeps what it has and hears nothing new.</summary>
    public Task FollowAsync(int primaryPort) => ExecuteAsync("REPLICAOF", "127.0.0.1", primaryPort);

    /// <summary>Follows nobody any more, and takes writes.</summary>
    public Task PromoteAsync() => ExecuteAsync("REPLICAOF", "NO", "ONE");

    /// <summary>Sends a command on a connection of its own.</summary>
    public async Task<RedisResult> ExecuteAsync(string command, params object[] args)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        return await redis.GetServer(ConnectionString).ExecuteAsync(command, args);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<Process> LaunchAsync(int port, string[] settings)
    {
        var process = Process.Start(new ProcessStartInfo(
            "redis-server", ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", .. settings])
        {
            RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            await Eventually.TrueAsync(async () => await AnswersAsync(port), "redis-server answers");
            return process;
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},connectTimeout=500");
            return redis.IsConnected;
        }
        catch (RedisConnectionException)
        {
            return false;
        }
    }
}
