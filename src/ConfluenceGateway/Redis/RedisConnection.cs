using ConfluenceGateway.Telemetry;
using StackExchange.Redis;

namespace ConfluenceGateway.Redis;

/// <summary>The one multiplexer, to Redis or to the embedded store. It starts without a server and keeps trying.</summary>
internal sealed partial class RedisConnection : IAsyncDisposable
{
    private readonly ILogger<RedisConnection> _logger;

    /// <summary>Connects, or begins to.</summary>
    public RedisConnection(string connectionString, GatewayMetrics metrics, ILogger<RedisConnection> logger)
    {
        _logger = logger;
        Multiplexer = ConnectionMultiplexer.Connect(Options(connectionString));
        Multiplexer.ConnectionFailed += (_, failed) => Log.ConnectionLost(logger, failed.FailureType);
        Multiplexer.ConnectionRestored += (_, _) =>
        {
            Log.ConnectionRestored(logger);
            Restored?.Invoke();
        };
        if (!IsConnected)
        {
            Log.NotConnected(logger);
        }

        metrics.Registry.AddBeforeCollectCallback(() => metrics.StoreUp.Set(IsConnected ? 1 : 0));
    }

    /// <summary>Raised when a connection comes back: notices sent meanwhile are lost.</summary>
    public event Action? Restored;

    /// <summary>The multiplexer.</summary>
    public ConnectionMultiplexer Multiplexer { get; }

    /// <summary>The database.</summary>
    public IDatabase Database => Multiplexer.GetDatabase();

    /// <summary>Whether a server answers now.</summary>
    public bool IsConnected => Multiplexer.IsConnected;

    /// <summary>Whether <paramref name="exception"/> says that Redis is out of reach, as opposed to a defect of ours.</summary>
    public static bool IsUnavailable(Exception exception) =>
        exception is RedisConnectionException or RedisTimeoutException or NotDurableException
        // A server that is loading its data, a replica after a failover, or one out of memory: it refuses, and it may recover.
        || exception is RedisServerException { Message: var message } && RefusalPrefixes.Any(prefix => message.StartsWith(prefix, StringComparison.Ordinal));

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Log.Closing(_logger);
        return Multiplexer.DisposeAsync();
    }

    // The first word of an error reply is its code in the Redis protocol.
    private static readonly string[] RefusalPrefixes = ["LOADING", "READONLY", "OOM", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS", "MISCONF", "TRYAGAIN"];

    /// <summary>The options that fit a gateway: start without a server, keep trying, and fail at once while it is gone.</summary>
    internal static ConfigurationOptions Options(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ClientName ??= "confluence-gateway";
        options.ReconnectRetryPolicy = new ExponentialRetry(250, 5_000);
        // Callers have an answer of their own for a store that is down; a backlog would only let them wait for it.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        // The client takes INFO, which the self-audit reads, for an administrator's command.
        options.AllowAdmin = true;
        return options;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Redis does not answer yet: trying on. Check Redis:ConnectionString.")]
        public static partial void NotConnected(ILogger logger);

        [LoggerMessage(LogLevel.Error, "The connection to Redis is lost ({Failure}): cached tokens serve on, nothing is refreshed until it is back.")]
        public static partial void ConnectionLost(ILogger logger, ConnectionFailureType failure);

        [LoggerMessage(LogLevel.Information, "The connection to Redis is back.")]
        public static partial void ConnectionRestored(ILogger logger);

        [LoggerMessage(LogLevel.Debug, "Closing the connection to Redis.")]
        public static partial void Closing(ILogger logger);
    }
}
