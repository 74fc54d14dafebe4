using ConfluenceGateway.Compatibility;
using ConfluenceGateway.Compatibility.V1;
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
        services.AddSettings<RoutingOptions>(RoutingOptions.SectionName);
        services.AddSettings<UpstreamOptions>(UpstreamOptions.SectionName);
        services.AddSettings<CompatibilityOptions>(CompatibilityOptions.SectionName);
        services.AddThrottling();
        services.AddHttpForwarder();
        services.AddSingleton<Addressing>();
        services.AddSingleton<Upstream>();
        services.AddSingleton<ProxyProblems>();
        services.AddSingleton<UpstreamAnswers>();
        services.AddSingleton<UpstreamCalls>();
        services.AddSingleton<SiteCalls>();
        services.AddSingleton<SiteMemory>();
        services.AddSingleton<V1Translation>();
        services.AddSingleton<RemovedV1>();
        services.AddSingleton<ProxyHandler>();
        services.AddSingleton<StatusHandler>();
    }

    /// <summary>Answers what is asked of the status of connections.</summary>
    public static void RunStatus(this IApplicationBuilder traffic)
    {
        var handler = new Lazy<StatusHandler>(traffic.ApplicationServices.GetRequiredService<StatusHandler>);
        traffic.Run(context => handler.Value.HandleAsync(context));
    }

    /// <summary>Answers every request that nothing before it answered.</summary>
    public static void RunProxy(this IApplicationBuilder traffic)
    {
        // Settings are checked after the pipeline is made.
        var handler = new Lazy<ProxyHandler>(traffic.ApplicationServices.GetRequiredService<ProxyHandler>);
        traffic.Run(context => handler.Value.HandleAsync(context));
    }
}
