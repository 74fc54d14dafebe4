using System.Runtime.InteropServices;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>The gateway, published as its image has it.</summary>
internal static class Published
{
    private static readonly Lazy<Task<string>> Made = new(PublishAsync);

    /// <summary>The program's file.</summary>
    public static Task<string> GatewayAsync() => Made.Value;

    private static async Task<string> PublishAsync()
    {
        var directory = Path.Combine(Machine.Repository, "artifacts", "bench", "gateway");
        Console.Error.WriteLine("publishing the gateway …");
        await Machine.RunAsync("dotnet",
        [
            "publish", Path.Combine(Machine.Repository, "src", "ConfluenceGateway"), "-a", RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), "-c", "Release",
            "-o", directory, "--self-contained", "false", "-p:PublishReadyToRun=true", "--artifacts-path", Path.Combine(Machine.Repository, "artifacts", "bench", "build"),
        ]);
        return Path.Combine(directory, "ConfluenceGateway");
    }
}
