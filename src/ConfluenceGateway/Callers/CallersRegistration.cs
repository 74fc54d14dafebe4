using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Callers;

/// <summary>Registers who may call.</summary>
internal static class CallersRegistration
{
    /// <summary>Adds the caller keys and the check of them.</summary>
    public static void AddCallers(this IServiceCollection services)
    {
        services.AddSettings<CallersOptions>(CallersOptions.SectionName);
        services.AddSingleton<CallerKeyStore>();
        services.AddSingleton<CallerKeyCache>();
        services.AddSingleton<CallerKeys>();
        services.AddSingleton<IEventConsumer>(provider => provider.GetRequiredService<CallerKeys>());
        services.AddSingleton<CallerKeyWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<CallerKeyWatch>());
        services.AddSingleton<CallerKeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<CallerKeyUses>());
        services.AddSingleton<CallerCheck>();
    }
}
