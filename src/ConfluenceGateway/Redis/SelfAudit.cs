using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Redis;

/// <summary>
/// Checks behind the requests whether the store keeps what it is given: once it answers and the key ring is loaded, when
/// its connection was restored, and every five minutes.
/// </summary>
internal sealed partial class SelfAudit(
    ServerChecks server, KeyRingCheck keyRing, RedisConnection redis, KeyRing ring, IOptions<RedisOptions> options, GatewayMetrics metrics, TimeProvider time,
    ILogger<SelfAudit> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, bool> _told = [];
    private readonly Signal _restored = new();
    private volatile IReadOnlyList<SelfCheck> _checks = [];

    /// <summary>The checks as they came out last; empty before the first audit.</summary>
    public IReadOnlyList<SelfCheck> Checks => _checks;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.Restored += _restored.Ring;
        try
        {
            while (true)
            {
                // A connection that comes back while an audit runs calls for another.
                await _restored.WaitAsync(await TryAuditAsync() ? Interval : RetryInterval, time, stoppingToken);
            }
        }
        finally
        {
            redis.Restored -= _restored.Ring;
        }
    }

    private async Task<bool> TryAuditAsync()
    {
        if (!redis.IsConnected || !ring.IsLoaded)
        {
            return false;
        }

        try
        {
            // The embedded server is ours and set up as it should be: what is left is its ring.
            var ofServer = options.Value.Embedded ? [] : await server.RunAsync();
            Publish([.. ofServer, await keyRing.RunAsync()]);
            return true;
        }
        catch (Exception exception) when (RedisConnection.IsUnavailable(exception))
        {
            // The store's own check tells of an outage; what the last audit found stands meanwhile.
            return false;
        }
        catch (Exception exception)
        {
            // An audit is never a reason to stop the gateway.
            Log.Broken(logger, exception);
            return true;
        }
    }

    private void Publish(IReadOnlyList<SelfCheck> checks)
    {
        foreach (var check in checks)
        {
            if (check.Passed is not { } passed)
            {
                metrics.SelfCheck.RemoveLabelled(check.Name);
                continue;
            }

            metrics.SelfCheck.WithLabels(check.Name).Set(passed ? 1 : 0);
            var before = _told.GetValueOrDefault(check.Name, true);
            _told[check.Name] = passed;
            if (before && !passed)
            {
                Log.Failed(logger, check.Name, check.Detail);
            }
            else if (!before && passed)
            {
                Log.Recovered(logger, check.Name, check.Detail);
            }
        }

        _checks = checks;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Self-check {Check} fails. {Detail}")]
        public static partial void Failed(ILogger logger, string check, string detail);

        [LoggerMessage(LogLevel.Information, "Self-check {Check} passes again. {Detail}")]
        public static partial void Recovered(ILogger logger, string check, string detail);

        [LoggerMessage(LogLevel.Error, "The store could not be audited.")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
