using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A <c>redis-server</c> of the tests' own, stopped without warning.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly string[] _settings;
    private Process _process;

    private RedisProcess(Process process, int port, string[] settings)
    {
        _process = process;
        _settings = settings;
        Port = port;
    }

    public static bool IsInstalled { get; } = InstalledProgram.IsOnPath("redis-server");

    /// <summary>Skips a test that needs one where there is none, except in CI, where it must be there.</summary>
    public static void Require() => InstalledProgram.Require("redis-server");

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <param name="port">The port; null takes a free one.</param>
    /// <param name="directory">Where every write is kept on disk; null keeps nothing.</param>
    /// <param name="settings">More of its command line, such as <c>--maxmemory 100mb</c>, word by word; the last one counts.</param>
    public static async Task<RedisProcess> StartAsync(int? port = null, string? directory = null, params string[] settings)
    {
        var chosen = port ?? Ports.Take();
        string[] persistence = directory is null ? ["--appendonly", "no"] : ["--appendonly", "yes", "--appendfsync", "always", "--dir", directory];
        string[] all = [.. persistence, .. settings];
        return new RedisProcess(await LaunchAsync(chosen, all), chosen, all);
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
        _process = await LaunchAsync(Port, [.. _settings, .. following]);
    }

    /// <summary>After a kill: another process on the same port, with the snapshot in <paramref name="directory"/> and no append-only file yet.</summary>
    public async Task RestartFromAsync(string directory)
    {
        _process.Dispose();
        _process = await LaunchAsync(Port, ["--appendonly", "no", "--dir", directory]);
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

    /// <summary>Starts a replica of this one and waits until it follows.</summary>
    public async Task<RedisProcess> AddReplicaAsync()
    {
        var replica = await StartAsync(settings: ["--replicaof", "127.0.0.1", Port.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            await Eventually.TrueAsync(async () => await replica.InfoAsync("replication", "master_link_status") == "up", "the replica follows");
            return replica;
        }
        catch
        {
            await replica.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it where it is (SIGSTOP): its connections stay open and nothing is answered.</summary>
    public async Task PauseAsync()
    {
        using var kill = Process.Start("kill", ["-STOP", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Cuts every client's connection; they may connect again at once.</summary>
    public async Task CutConnectionsAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        await redis.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "SKIPME", "yes");
    }

    /// <summary>Changes a setting of the running server.</summary>
    public async Task ConfigureAsync(string name, string value)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        await redis.GetServers()[0].ConfigSetAsync(name, value);
    }

    /// <summary>A field of a section of its INFO; null when it has none.</summary>
    public async Task<string?> InfoAsync(string section, string field)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        var lines = (await redis.GetServers()[0].ExecuteAsync("INFO", section)).ToString().Split("\r\n");
        return Array.Find(lines, line => line.StartsWith(field + ":", StringComparison.Ordinal))?[(field.Length + 1)..];
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
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
