using ConfluenceGateway.Configuration;
using ConfluenceGateway.Proxy.Throttling;

namespace ConfluenceGateway.Proxy;

/// <summary>Registers the forwarded request.</summary>
internal static class ProxyRegistration
{
    /// <summary>Adds the handler and YARP's direct forwarding.</summary>
    public static void AddProxy(this IServiceCollection services)
    {
        services.AddSettings<ReplayOptions>(ReplayOptions.SectionName);
        services.AddThrottling();
        services.AddHttpForwarder();
        services.AddSingleton<Upstream>();
        services.AddSingleton<ProxyProblems>();
        services.AddSingleton<ProxyHandler>();
    }

    /// <summary>Answers every request that nothing before it answered.</summary>
    public static void RunProxy(this IApplicationBuilder traffic) =>
        traffic.Run(context => context.RequestServices.GetRequiredService<ProxyHandler>().HandleAsync(context));
}
