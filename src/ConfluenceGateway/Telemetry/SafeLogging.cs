namespace ConfluenceGateway.Telemetry;

/// <summary>Silences the framework's loggers that print what may hold a secret, whatever levels are configured.</summary>
internal static class SafeLogging
{
    // They print request lines with their query, where codes, states and tickets are, redirect targets with the same, and
    // malformed header lines, where credentials are.
    private static readonly string[] Silenced =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Http.Result",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
        "Microsoft.AspNetCore.Server.Kestrel.Connections",
        "Microsoft.AspNetCore.HttpLogging",
        "System.Net.Http.HttpClient",
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
            foreach (var category in Silenced)
            {
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.None, null));
            }
        }
    });

    private static bool IsSilenced(string? category) =>
        category is not null && Array.Exists(Silenced, silenced => category.StartsWith(silenced, StringComparison.OrdinalIgnoreCase));
}
