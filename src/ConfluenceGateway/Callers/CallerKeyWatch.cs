using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ConfluenceGateway.Callers;

/// <summary>
/// Learns that caller keys changed: at once by a notice of the replica that changed them, and by a look at the stamp should the
/// notice be lost.
/// </summary>
internal sealed partial class CallerKeyWatch(
    CallerKeyCache cache, CallerKeyStore store, RedisConnection redis, RedisKeys keys, IOptions<CallersOptions> callers, IOptions<ListenOptions> listen,
    TimeProvider time, ILogger<CallerKeyWatch> logger) : BackgroundService
{
    /// <summary>How often the stamp is looked at: a revoked key is refused everywhere after this long and one answer of the store.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private bool _storeIsOut;

    /// <summary>Looks at the stamp.</summary>
    public async Task LookAsync()
    {
        try
        {
            cache.Observe(await store.StampAsync());
            if (_storeIsOut)
            {
                Log.StoreIsBack(logger);
            }

            _storeIsOut = false;
        }
        catch (StoreUnavailableException exception)
        {
            if (!_storeIsOut)
            {
                Log.StoreIsOut(logger, exception.InnerException!);
            }

            _storeIsOut = true;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (callers.Value.Mode == CallersMode.Open)
        {
            if (!listen.Value.IsTrafficOnLoopback)
            {
                Log.Open(logger);
            }

            return;
        }

        // Fire and forget, because there may be no server yet: the client subscribes by itself once there is one.
        redis.Multiplexer.GetSubscriber().Subscribe(keys.CallerKeyChanges, (_, stamp) => cache.Observe(stamp), CommandFlags.FireAndForget);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await LookAsync();
            }
            catch (Exception exception)
            {
                // Caught once, here: without this service no replica would learn of a revoked key.
                Log.Broken(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Whoever reaches the traffic listener may use every connection. Set Callers:Mode=Key, unless the network keeps strangers away.")]
        public static partial void Open(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "The store is out of reach: caller keys that were seen here are good, revoked ones too, until it is back.")]
        public static partial void StoreIsOut(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Information, "Changes of caller keys are seen again.")]
        public static partial void StoreIsBack(ILogger logger);

        [LoggerMessage(LogLevel.Error, "Changes of caller keys could not be looked for.")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
