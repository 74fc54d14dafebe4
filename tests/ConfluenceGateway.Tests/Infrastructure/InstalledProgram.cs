using System.ComponentModel;
using System.Diagnostics;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>Programs of the machine that tests use as they are.</summary>
internal static class InstalledProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static bool IsCi { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    public static bool IsOnPath(string name) => PathOf(name) is not null;

    /// <summary>Where it is; null when it is not on the path.</summary>
    public static string? PathOf(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Skips a test that needs them where one is missing, except in CI, where they must be there.</summary>
    public static void Require(params string[] names)
    {
        var missing = names.Where(name => !IsOnPath(name)).ToList();
        var reason = $"not on the path: {string.Join(", ", missing)}";
        Assert.SkipUnless(IsCi || missing.Count == 0, reason);
        Assert.True(missing.Count == 0, reason);
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="name">Its name on the path.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="directory">Where it runs; null: where the tests run.</param>
    /// <param name="environment">Variables beside those of the tests.</param>
    /// <param name="within">How long it may take before it is killed and the test fails; null: two minutes.</param>
    public static async Task<ProgramEnd> RunAsync(
        string name, IEnumerable<string> args, string? directory = null, IDictionary<string, string>? environment = null, TimeSpan? within = null)
    {
        var start = new ProcessStartInfo(name, args) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = directory ?? "" };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start) ?? throw new Win32Exception($"{name} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(within ?? Patience, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{name} did not end within {within ?? Patience}: {await output} {await errors}");
        }

        return new ProgramEnd(process.ExitCode, await output, await errors);
    }
}

/// <summary>How a program ended, and all it wrote.</summary>
internal sealed record ProgramEnd(int ExitCode, string Output, string Errors);
