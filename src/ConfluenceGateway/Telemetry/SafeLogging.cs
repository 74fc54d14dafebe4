namespace ConfluenceGateway.Telemetry;

/// <summary>Silences the framework's loggers that print what may hold a secret, whatever levels are configured.</summary>
internal static class SafeLogging
{
    // They print request lines with their query, where codes, states and tickets are, redirect targets with the same, and
    // malformed header lines, where credentials are.
    private static readonly (string Category, LogLevel Least)[] Silenced =
    [
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),
        ("Microsoft.AspNetCore.Http.Result", LogLevel.None),
        ("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.None),
        ("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.None),
        ("Microsoft.AspNetCore.HttpLogging", LogLevel.None),
        ("System.Net.Http.HttpClient", LogLevel.None),
        // Below a warning it prints where each request goes, and a link to media has a token in it.
        ("Yarp.ReverseProxy.Forwarder", LogLevel.Warning),
        // The same with what a browser brings back from an identity provider, and tokens.
        ("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.Warning),
    ];

    /// <summary>Applies after all configuration, so that no setting undoes it.</summary>
    public static void AddSafeLogging(this IServiceCollection services) => services.PostConfigure<LoggerFilterOptions>(options =>
    {
        foreach (var rule in options.Rules.Where(rule => IsSilenced(rule.CategoryName)).ToArray())
        {
            options.Rules.Remove(rule);
        }

        // A rule for a named provider beats a general one, so each provider that has rules gets these as well.
        var providers = options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToArray();
        foreach (var provider in providers)
        {
            foreach (var (category, least) in Silenced)
            {
                options.Rules.Add(new LoggerFilterRule(provider, category, least, null));
            }
        }
    });

    private static bool IsSilenced(string? category) =>
        category is not null && Array.Exists(Silenced, silenced => category.StartsWith(silenced.Category, StringComparison.OrdinalIgnoreCase));
}
