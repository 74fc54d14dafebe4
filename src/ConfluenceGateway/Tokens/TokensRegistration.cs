using ConfluenceGateway.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ConfluenceGateway.Tokens;

/// <summary>Registers what keeps tokens valid.</summary>
internal static class TokensRegistration
{
    /// <summary>Adds the token source and the refresh protocol.</summary>
    public static void AddTokens(this IServiceCollection services)
    {
        services.AddSettings<RefreshOptions>(RefreshOptions.SectionName);
        services.AddSingleton(Random.Shared);
        services.AddSingleton<UnsavedRotations>();
        services.AddSingleton<FailedExchanges>();
        // The proof brings one of its own, which dies on the way.
        services.TryAddSingleton<RefreshProtocol>();
        services.AddSingleton<RefreshFlights>();
        services.AddSingleton<TokenSource>();
        // Services stop in reverse: the flights first, then what they could not store.
        services.AddHostedService(provider => provider.GetRequiredService<UnsavedRotations>());
        services.AddHostedService(provider => provider.GetRequiredService<RefreshFlights>());
        services.AddHealthChecks().AddCheck<UnsavedRotations>("unsaved-rotations");
    }
}
