using ConfluenceGateway.Configuration;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Redis;

/// <summary>Registers the store: Redis or the embedded one, its locks and its key ring.</summary>
internal static class RedisRegistration
{
    /// <summary>Adds Redis, RedLock, the key ring, the self-audit and their health checks.</summary>
    public static void AddRedis(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RedisOptions>(RedisOptions.SectionName);
        services.AddSettings<EmbeddedOptions>(EmbeddedOptions.SectionName);
        services.AddSettings<KeyRingOptions>(KeyRingOptions.SectionName);
        services.AddSingleton<RedisKeys>();
        services.AddSingleton(provider => new EmbeddedRedis(provider.GetRequiredService<IOptions<EmbeddedOptions>>().Value.DataDirectory));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<RedisOptions>>().Value;
            var connectionString = options.Embedded ? provider.GetRequiredService<EmbeddedRedis>().ConnectionString : options.ConnectionString;
            return new RedisConnection(connectionString, provider.GetRequiredService<GatewayMetrics>(), provider.GetRequiredService<ILogger<RedisConnection>>());
        });
        services.AddSingleton<DurableWrites>();
        services.AddSingleton<RedisLocks>();
        services.AddSingleton<ILocks>(provider => provider.GetRequiredService<RedisLocks>());
        KeyRing.Register(services, configuration.GetSection(KeyRingOptions.SectionName).Get<KeyRingOptions>() ?? new KeyRingOptions());
        services.AddSingleton<KeyRing>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<ServerChecks>();
        services.AddSingleton<KeyRingCheck>();
        services.AddSingleton<SelfAudit>();
        services.AddHostedService(provider => provider.GetRequiredService<SelfAudit>());
        services.AddHealthChecks().AddCheck<StoreHealth>("store").AddCheck<SelfAuditHealth>("self-audit");
    }
}
