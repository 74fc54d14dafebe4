using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ConfluenceGateway.Redis;

/// <summary>
/// Ready means that the key ring is loaded: from then on a replica serves what it knows, with Redis or without. Redis is everybody's, so
/// replicas that were not ready without it would all leave the balancer at once.
/// </summary>
internal sealed class StoreHealth(RedisConnection redis, KeyRing ring) : IHealthCheck
{
    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.Database.PingAsync();
        }
        catch (Exception exception) when (RedisConnection.IsUnavailable(exception))
        {
            return ring.IsLoaded
                ? HealthCheckResult.Degraded("Redis does not answer. Tokens in memory serve until they end, an hour at most. The gateway keeps trying; check the server and the way to it.")
                : HealthCheckResult.Unhealthy("Redis does not answer. The gateway keeps trying; check Redis:ConnectionString and the server.");
        }

        return ring.IsLoaded
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The key ring cannot be loaded, so no grant can be read. Check that Redis holds it and that DataProtection:CertificateFile is the certificate that wraps it.");
    }
}
