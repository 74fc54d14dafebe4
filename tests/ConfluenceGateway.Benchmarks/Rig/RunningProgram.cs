using System.Diagnostics;
using System.Globalization;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>A program that runs while something is measured.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    // The kernel counts CPU time in these, whatever its own clock is.
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private RunningProgram(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>CPU time of the program and of what it has started, in seconds, to a hundredth.</summary>
    public double CpuSeconds => Family().Sum(id => Stat(id) is [.., var user, var system] ? (long.Parse(user, CultureInfo.InvariantCulture) + long.Parse(system, CultureInfo.InvariantCulture)) / TicksPerSecond : 0);

    /// <summary>What of it is in memory now, in bytes.</summary>
    public long ResidentBytes => Family().Sum(id => Kilobytes(id, "VmRSS:")) * 1024;

    /// <summary>Starts it, and waits until it listens.</summary>
    public static async Task<RunningProgram> StartAsync(string program, IEnumerable<string> arguments, int port, IReadOnlyDictionary<string, string>? environment = null)
    {
        var started = Start(program, arguments, environment);
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await Machine.ListensAsync(port, patience.Token);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it.</summary>
    public static RunningProgram Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new RunningProgram(process);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private IEnumerable<int> Family() =>
        [_process.Id, .. File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    // The fields 14 and 15 of proc(5), counted after the name, which may hold anything.
    private static string[] Stat(int id) => File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ')[12..14];

    private static long Kilobytes(int id, string field) => long.Parse(
        File.ReadLines($"/proc/{id}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
