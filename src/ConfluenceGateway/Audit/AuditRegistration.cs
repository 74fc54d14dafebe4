using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Audit;

/// <summary>Registers the audit trail.</summary>
internal static class AuditRegistration
{
    /// <summary>Adds the audit trail, which hears every event.</summary>
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSettings<AuditOptions>(AuditOptions.SectionName);
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<IEventConsumer>(provider => provider.GetRequiredService<AuditTrail>());
    }
}
