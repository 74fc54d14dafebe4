using System.Text.Json;
using ConfluenceGateway.Tests.Conventions;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>The clients below <c>tests/clients</c>: real packages, installed from their lock file, unmodified.</summary>
internal static class NodeClients
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(5);
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "clients");
    private static readonly Lazy<Task<string?>> Installation = new(InstallAsync);

    /// <summary>Runs a script to its end and reads what it tells: the last line of its output, one JSON object.</summary>
    public static async Task<JsonElement> RunAsync(string script, IDictionary<string, string> environment)
    {
        var end = await InstalledProgram.RunAsync("node", [script], Folder, new Dictionary<string, string>(environment)
        {
            ["NODE_OPTIONS"] = $"--require={Path.Combine(Folder, "gateway-hosts.cjs")}",
        });
        Assert.True(end.ExitCode == 0, $"{script} failed: {end.Output} {end.Errors}");
        return JsonDocument.Parse(end.Output.TrimEnd().Split('\n')[^1]).RootElement;
    }

    /// <summary>Installs them once for all tests. Skips a test where that cannot be, except in CI.</summary>
    public static async Task RequireAsync()
    {
        InstalledProgram.Require("node", "npm");
        var refusal = await Installation.Value;
        Assert.SkipUnless(InstalledProgram.IsCi || refusal is null, "npm could not install the clients");
        Assert.True(refusal is null, refusal);
    }

    /// <returns>What npm says when it cannot; null when they are there.</returns>
    private static async Task<string?> InstallAsync()
    {
        await using var alone = await AloneAsync();
        var installed = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
        {
            return null;
        }

        // Without the scripts: one of them would download a browser.
        var end = await InstalledProgram.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], Folder, within: InstallPatience);
        return end.ExitCode == 0 ? null : $"npm ci failed: {end.Output} {end.Errors}";
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
                    gate = new FileStream(Path.Combine(Folder, ".installing"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                }
                catch (IOException)
                {
                }

                return gate is not null;
            },
            "no other run installs the clients",
            InstallPatience);
        return gate!;
    }
}
