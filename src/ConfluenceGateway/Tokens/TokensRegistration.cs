using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Tokens;

/// <summary>Registers what keeps tokens valid.</summary>
internal static class TokensRegistration
{
    /// <summary>Adds the token source and the refresh protocol.</summary>
    public static void AddTokens(this IServiceCollection services)
    {
        services.AddSettings<RefreshOptions>(RefreshOptions.SectionName);
        services.AddSingleton(provider => new ReuseInterval(provider.GetRequiredService<IOptions<RefreshOptions>>().Value.ReuseInterval));
        services.AddSingleton(Random.Shared);
        services.AddSingleton<RotationJournal>();
        services.AddSingleton<UnsavedRotations>();
        services.AddSingleton<FailedExchanges>();
        services.AddSingleton<RefusalGuard>();
        // The proof brings one of its own, which dies on the way.
        services.TryAddSingleton<RefreshProtocol>();
        services.AddSingleton<RefreshFlights>();
        services.AddSingleton<TokenSource>();
        services.AddSingleton<KeepAlive>();
        services.AddHostedService<RefreshRecorder>();
        services.AddSingleton<SiteChecks>();
        services.AddHostedService(provider => provider.GetRequiredService<SiteChecks>());
        // Services stop in reverse: what starts flights, the flights, then what they could not store.
        services.AddHostedService(provider => provider.GetRequiredService<UnsavedRotations>());
        services.AddHostedService(provider => provider.GetRequiredService<RefreshFlights>());
        services.AddHostedService(provider => provider.GetRequiredService<KeepAlive>());
        services.AddHealthChecks().AddCheck<UnsavedRotations>("unsaved-rotations");
    }
}
