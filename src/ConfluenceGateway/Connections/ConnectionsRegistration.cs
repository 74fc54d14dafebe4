namespace ConfluenceGateway.Connections;

/// <summary>Registers what the gateway remembers of connections.</summary>
internal static class ConnectionsRegistration
{
    /// <summary>Adds the stores, the cache and its change notices, and the links.</summary>
    public static void AddConnectionStore(this IServiceCollection services)
    {
        services.AddSingleton<ReplicaId>();
        services.AddSingleton<GrantProtection>();
        services.AddSingleton<DueIndex>();
        services.AddSingleton<GrantAges>();
        services.AddSingleton<ConnectionEvents>();
        services.AddSingleton<GrantStore>();
        services.AddSingleton<IGrantStore>(provider => provider.GetRequiredService<GrantStore>());
        services.AddSingleton<IRefusals, Refusals>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<ConnectionChanges>();
        services.AddSingleton<ConnectionCache>();
        services.AddSingleton<HeldPairs>();
        services.AddSingleton<ConnectLinks>();
        services.AddSingleton<AppStanding>();
        services.AddSingleton<RotationHistory>();
        services.AddSingleton<ConnectionDirectory>();
        services.AddHostedService(provider => provider.GetRequiredService<ConnectionDirectory>());
        services.AddSingleton<OutboxRelay>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxRelay>());
        services.AddHostedService<ChangeNotices>();
        services.AddHostedService<StoreRecheck>();
    }
}
