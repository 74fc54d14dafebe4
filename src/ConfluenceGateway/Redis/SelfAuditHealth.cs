using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ConfluenceGateway.Redis;

/// <summary>Tells what the self-audit found. A store that is set up badly serves all the same, so it is degraded only.</summary>
internal sealed class SelfAuditHealth(SelfAudit audit) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var checks = audit.Checks;
        var data = checks.ToDictionary(check => check.Name, check => (object)$"{Outcome(check.Passed)}: {check.Detail}");
        var failed = checks.Where(check => check.Passed is false).Select(check => check.Detail).ToArray();
        return Task.FromResult(failed.Length == 0 ? HealthCheckResult.Healthy(data: data) : HealthCheckResult.Degraded(string.Join(" ", failed), data: data));
    }

    private static string Outcome(bool? passed) => passed switch { true => "passed", false => "failed", null => "unknown" };
}
