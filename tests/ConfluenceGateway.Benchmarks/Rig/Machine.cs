using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>What a measurement needs of the machine it runs on.</summary>
internal static partial class Machine
{
    /// <summary>Where the repository is.</summary>
    public static string Repository { get; } = Metadata("RepositoryRoot");

    /// <summary>Where reports go.</summary>
    public static string Reports { get; } = Directory.CreateDirectory(Path.Combine(Repository, "artifacts", "bench")).FullName;

    /// <summary>A line that says what was measured on.</summary>
    public static string Description { get; } = string.Join(", ", new[]
    {
        $"{Environment.ProcessorCount} x {Field("/proc/cpuinfo", "model name")}",
        $"{long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) >> 20} GiB",
        $"{Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"')}, Linux {Environment.OSVersion.Version}",
        RuntimeInformation.FrameworkDescription,
    });

    /// <summary>Writes a report to its file, and shows it.</summary>
    public static async Task ReportAsync(string file, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(Reports, file), text);
        Console.WriteLine(text);
    }

    public static string Metadata(string key) =>
        typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    /// <summary>The versions of the programs that take part.</summary>
    public static async Task<string> VersionsAsync() => string.Join(
        ", ", $"YARP {typeof(IHttpForwarder).Assembly.GetName().Version?.ToString(3)}", await VersionAsync("nginx"), await VersionAsync("redis-server"), await VersionAsync("wrk"));

    // They differ in where they say it, and in whether they call that a success.
    private static async Task<string> VersionAsync(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "-v") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return $"{program} {Number().Match(await output + await errors).Value}";
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Number();

    /// <summary>Runs a program to its end and gives what it said.</summary>
    /// <exception cref="InvalidOperationException">It did not end well.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program}: {await output}{await errors}");
    }

    /// <summary>Waits until something listens on a port of this machine.</summary>
    public static async Task ListensAsync(int port, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static string Field(string file, string name, char separator = ':') =>
        File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(separator, 2)[1].Trim();
}
