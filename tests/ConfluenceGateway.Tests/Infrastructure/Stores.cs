using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using StackExchange.Redis;
using Testcontainers.Redis;

[assembly: AssemblyFixture(typeof(Stores))]

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A store that suites run against.</summary>
public enum StoreKind
{
    /// <summary>The embedded server; there always.</summary>
    Embedded,

    /// <summary>A real Redis: <c>redis-server</c> where it is on the path, else a container.</summary>
    Redis,
}

/// <summary>The stores that all tests share, each test under a key prefix of its own.</summary>
public sealed class Stores : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cgw-tests-").FullName;
    private EmbeddedRedis? _embedded;
    private RedisProcess? _process;
    private RedisContainer? _container;

    /// <summary>Why there is no real Redis here; null when there is one.</summary>
    public static string? NoRedis { get; } = RedisProcess.IsInstalled || HasDocker() ? null : "neither redis-server on the path nor a Docker engine";

    public async ValueTask InitializeAsync()
    {
        _embedded = new EmbeddedRedis(_directory);
        if (RedisProcess.IsInstalled)
        {
            _process = await RedisProcess.StartAsync();
        }
        else if (NoRedis is null)
        {
            _container = new RedisBuilder("redis:7").Build();
            await _container.StartAsync();
        }
    }

    /// <summary>How to connect to a store of this kind.</summary>
    public string ConnectionString(StoreKind kind) => kind switch
    {
        StoreKind.Embedded => _embedded!.ConnectionString,
        _ => _process?.ConnectionString ?? _container?.GetConnectionString() ?? throw new InvalidOperationException(NoRedis),
    };

    public async ValueTask DisposeAsync()
    {
        _embedded?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_container is not null)
        {
            await _container.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static bool HasDocker() => File.Exists("/var/run/docker.sock");
}

/// <summary>A <c>redis-server</c> of the tests' own, stopped without warning.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly Process _process;

    private RedisProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <param name="port">The port; null takes a free one.</param>
    /// <param name="directory">Where every write is kept on disk; null keeps nothing.</param>
    public static async Task<RedisProcess> StartAsync(int? port = null, string? directory = null)
    {
        var chosen = port ?? FreePort();
        string[] persistence = directory is null ? ["--appendonly", "no"] : ["--appendonly", "yes", "--appendfsync", "always", "--dir", directory];
        var process = Process.Start(new ProcessStartInfo(
            "redis-server", ["--port", chosen.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", .. persistence])
        {
            RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        await Eventually.TrueAsync(async () => await AnswersAsync(chosen), "redis-server answers");
        return new RedisProcess(process, chosen);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
