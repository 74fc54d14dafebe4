using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ConfluenceGateway.Redis;

/// <summary>Ready means: Redis answers, and the key ring is loaded.</summary>
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
            return HealthCheckResult.Unhealthy("Redis does not answer. The gateway keeps trying; check Redis:ConnectionString and the server.");
        }

        return ring.IsLoaded
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The key ring cannot be loaded, so no grant can be read. Check that Redis holds it and that DataProtection:CertificateFile is the certificate that wraps it.");
    }
}
