using System.Runtime.InteropServices;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>Programs as they are deployed: compiled ahead, for this machine.</summary>
internal static class Published
{
    private static readonly Lazy<Task<string>> TheGateway = new(() => PublishAsync("src/ConfluenceGateway", "ConfluenceGateway"));
    private static readonly Lazy<Task<string>> TheForwarder = new(() => PublishAsync("tests/BareForwarder", "BareForwarder"));

    /// <summary>The gateway's file.</summary>
    public static Task<string> GatewayAsync() => TheGateway.Value;

    /// <summary>The file of what it is compared with.</summary>
    public static Task<string> ForwarderAsync() => TheForwarder.Value;

    private static async Task<string> PublishAsync(string project, string name)
    {
        var directory = Path.Combine(Machine.Reports, name);
        Console.Error.WriteLine($"publishing {name} …");
        await Machine.RunAsync("dotnet",
        [
            "publish", Path.Combine(Machine.Repository, project), "-a", RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), "-c", "Release",
            "-o", directory, "--self-contained", "false", "-p:PublishReadyToRun=true", "--artifacts-path", Path.Combine(Machine.Reports, "build"),
        ]);
        return Path.Combine(directory, name);
    }
}
