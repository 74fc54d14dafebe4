using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Proxy.Throttling;

/// <summary>Registers what the gateway does about Atlassian's rate limits.</summary>
internal static class ThrottlingRegistration
{
    /// <summary>Adds the settings, what is known of the quota, the pauses and the fair share.</summary>
    public static void AddThrottling(this IServiceCollection services)
    {
        services.AddSettings<ThrottlingOptions>(ThrottlingOptions.SectionName);
        services.AddSingleton<RetryPause>();
        services.AddSingleton<QuotaTotals>();
        services.AddSingleton<FairShare>();
        services.AddHostedService(provider => provider.GetRequiredService<FairShare>());
    }
}
