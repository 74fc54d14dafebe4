using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>Prometheus's own judge of rules.</summary>
internal static class Promtool
{
    private const string Name = "promtool";

    /// <summary>Runs it, and fails with its own words when it is not content.</summary>
    public static async Task ApprovesAsync(params string[] args)
    {
        InstalledProgram.Require(Name);
        var end = await InstalledProgram.RunAsync(Name, args);
        Assert.True(end.ExitCode == 0, $"{Name} {string.Join(' ', args)}\n{end.Output}{end.Errors}");
    }
}
