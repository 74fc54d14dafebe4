using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace ConfluenceGateway.Simulation;

/// <summary>One program that runs seeds, replays one, or is the test platform.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["run", .. var options] => Commands.Run(options),
        ["replay", var seed, .. var flaw] => Commands.Replay(seed, flaw),
        // The same choice as the entry point that xunit would generate.
        _ when args.Any(arg => arg is "--server" or "--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args),
    };
}
