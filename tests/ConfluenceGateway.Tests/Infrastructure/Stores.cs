using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
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
