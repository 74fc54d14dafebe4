using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace ConfluenceGateway.Chaos;

/// <summary>One program that is a replica, the long run, or the test platform.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["replica", .. var settings] => await ReplicaHost.RunAsync(settings),
        ["run", .. var options] => await LongRun.RunAsync(options),
        // The same choice as the entry point that xunit would generate.
        _ when args.Any(arg => arg is "--server" or "--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args),
    };
}
