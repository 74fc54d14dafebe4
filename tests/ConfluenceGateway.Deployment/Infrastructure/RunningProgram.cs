using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Infrastructure;

/// <summary>A program that serves until the test ends.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private RunningProgram(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>All it wrote so far.</summary>
    public string Output => string.Join('\n', _output);

    public int ProcessId => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="program">Its name on the path, or where it is.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="environment">All its variables but PATH; null: those of the tests.</param>
    /// <param name="directory">Where it runs; null: where the tests run.</param>
    public static RunningProgram Start(string program, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory ?? "" };
        if (environment is not null)
        {
            var path = start.Environment["PATH"];
            start.Environment.Clear();
            start.Environment["PATH"] = path;
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }
        }

        return new RunningProgram(start);
    }

    /// <summary>Waits until it answers a GET with 200, and gives the body.</summary>
    public async Task<string> AnswerAsync(HttpClient client, string url)
    {
        var body = "";
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(_process.HasExited, $"{_process.StartInfo.FileName} ended: {Output}");
                try
                {
                    using var answer = await client.GetAsync(url);
                    body = await answer.Content.ReadAsStringAsync();
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"{url} answers",
            TimeSpan.FromMinutes(2));
        return body;
    }

    /// <summary>SIGTERM, and the wait for its end.</summary>
    public async Task StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
