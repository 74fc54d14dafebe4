using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Atlassian;

/// <summary>Registers what speaks to Atlassian besides the proxy.</summary>
internal static class AtlassianRegistration
{
    /// <summary>Adds the token endpoint, the accessible resources, the circuit and their health check.</summary>
    public static void AddAtlassian(this IServiceCollection services)
    {
        services.AddSettings<AtlassianOptions>(AtlassianOptions.SectionName);
        services.AddHttpClient(nameof(TokenEndpoint), client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                // A connection for each exchange: on a reused one the handler may send a request twice, and a refresh token must not be.
                PooledConnectionLifetime = TimeSpan.Zero,
                ConnectTimeout = TimeSpan.FromSeconds(10),
            })
            .RemoveAllLoggers();
        services.AddHttpClient(nameof(AccessibleResources), client => client.Timeout = TimeSpan.FromSeconds(30))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                ConnectTimeout = TimeSpan.FromSeconds(10),
            })
            .RemoveAllLoggers();
        services.AddTransient(provider => ActivatorUtilities.CreateInstance<TokenEndpoint>(provider, Client(provider, nameof(TokenEndpoint))));
        services.AddTransient<ITokenEndpoint>(provider => provider.GetRequiredService<TokenEndpoint>());
        services.AddTransient(provider => ActivatorUtilities.CreateInstance<AccessibleResources>(provider, Client(provider, nameof(AccessibleResources))));
        services.AddSingleton<ConfigurationCircuit>();
        services.AddSingleton<AppQuota>();
        services.AddSingleton<AppCheck>();
        services.AddHostedService<AppReport>();
        services.AddSingleton<SetupState>();
        services.AddHealthChecks().AddCheck<AtlassianHealth>("atlassian");
    }

    private static HttpClient Client(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);
}
