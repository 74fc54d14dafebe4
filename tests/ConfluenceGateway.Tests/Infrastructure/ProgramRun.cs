using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A program of the repository, run as a process of its own as a user would run it.</summary>
internal sealed class ProgramRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private ProgramRun(string program, IEnumerable<string> args, IDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path(program), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    public bool HasExited => _process.HasExited;

    public int ProcessId => _process.Id;

    public static ProgramRun Gateway(IEnumerable<string> args, IDictionary<string, string>? environment = null) =>
        new("GatewayProgram", ["--Listen:Traffic=http://127.0.0.1:0", "--Listen:Management=http://127.0.0.1:0", "--Listen:DrainDelay=00:00:00", .. args], environment);

    /// <param name="temporary">Where it makes its directory, which stays behind when it is killed.</param>
    /// <param name="args">Its settings.</param>
    public static ProgramRun Demo(TemporaryDirectory temporary, params string[] args) =>
        new("DemoProgram", args, new Dictionary<string, string> { ["TMPDIR"] = temporary.Path });

    /// <summary>A gateway in a program that hosts it for the tests.</summary>
    public static ProgramRun Replica(IEnumerable<string> args) => new("ReplicaProgram", ["replica", .. args], environment: null);

    /// <summary>Waits for an output line that begins with <paramref name="start"/> and gives what follows it.</summary>
    public async Task<string> LineAsync(string start)
    {
        string? Find() => _output.FirstOrDefault(line => line.TrimStart().StartsWith(start, StringComparison.Ordinal))?.TrimStart()[start.Length..].Trim();
        // A program starts in seconds, and in more than half a minute on a machine that builds at the same time.
        await Eventually.TrueAsync(() => Find() is not null || _process.HasExited, $"the program writes '{start}'", TimeSpan.FromMinutes(2));
        return Find() ?? throw new InvalidOperationException($"The program ended without writing '{start}': {Output} {Errors}");
    }

    /// <summary>A client of the traffic listener, once it listens.</summary>
    public async Task<HttpClient> AppAsync() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(await LineAsync("traffic")), Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>A client of the management listener, once it listens.</summary>
    public async Task<HttpClient> OperatorAsync(string key)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(await LineAsync("management")) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, as an orchestrator stops it. Wait for <see cref="ExitCodeAsync"/>.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", [ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGKILL: no handler, no flush, no goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        // The one secret that a program shows on purpose, once, on its own console.
        if (!line.TrimStart().StartsWith("admin key", StringComparison.Ordinal))
        {
            RunLog.Write(line);
        }
    }

    private static string Path(string program) =>
        typeof(ProgramRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == program).Value!;
}
