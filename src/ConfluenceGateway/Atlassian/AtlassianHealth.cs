using ConfluenceGateway.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Atlassian;

/// <summary>Ready means: there is an app to refresh with. An app that is refused is degraded only, since valid tokens serve on.</summary>
internal sealed class AtlassianHealth(SetupState setup, ConfigurationCircuit circuit) : IHealthCheck
{
    private const string LookAtTheApp =
        "No connection is marked for it. Check that Atlassian still knows the app and has no incident. If the grants are really gone, refresh a connection by the management API to have it marked, or connect it again.";

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var result = setup.Missing.Count > 0
            ? HealthCheckResult.Unhealthy(
                $"No app is configured. Set {string.Join(" and ", setup.Missing)}, and register the callback URL with the app.",
                data: new Dictionary<string, object> { ["missing"] = setup.Missing, ["callbackUrl"] = setup.CallbackUrl })
            : circuit.Evidence is { } evidence
                ? HealthCheckResult.Degraded($"The token endpoint refuses this app ({evidence}). {(circuit.IsOpenForGrants ? LookAtTheApp : "Check Atlassian:ClientId and Atlassian:ClientSecret.")}")
                : HealthCheckResult.Healthy();
        return Task.FromResult(result);
    }
}

/// <summary>What is still missing before a connection can be made.</summary>
internal sealed class SetupState(IOptionsMonitor<AtlassianOptions> options, Listeners listeners)
{
    /// <summary>The settings that are missing; empty when the app is configured.</summary>
    public IReadOnlyList<string> Missing =>
        options.CurrentValue.IsConfigured ? [] : ["Atlassian:ClientId", "Atlassian:ClientSecret"];

    /// <summary>The callback URL to register with the app.</summary>
    public string CallbackUrl => $"{listeners.PublicUrl}/connect/callback";
}
