namespace ConfluenceGateway.OAuth;

/// <summary>Registers connect, callback and reconnect.</summary>
internal static class OAuthRegistration
{
    /// <summary>Adds the states, the pages and what begins and completes a consent.</summary>
    public static void AddOAuth(this IServiceCollection services)
    {
        services.AddSingleton<AuthorizeStates>();
        services.AddSingleton<BrowserBinding>();
        services.AddSingleton<ConnectPages>();
        services.AddSingleton<ConsentSubject>();
        services.AddSingleton<ConsentStart>();
        services.AddSingleton<ConsentCompletion>();
    }
}
