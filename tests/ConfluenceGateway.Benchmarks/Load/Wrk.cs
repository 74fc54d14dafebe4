using System.Globalization;
using System.Text.Json;
using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks.Load;

/// <summary>One run of <c>wrk</c>, which makes requests as fast as they are answered.</summary>
/// <param name="Requests">How many were answered.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="P50">Half of the answers came within this time, in milliseconds.</param>
/// <param name="P99">99 of 100 answers came within this time, in milliseconds.</param>
internal sealed record Wrk(long Requests, double Seconds, double P50, double P99)
{
    // Requests are written before the run, so that the generator does next to nothing while it goes on.
    private const string Script = """
        local requests, next = {}, 0
        init = function(args)
          for path in io.lines(args[1]) do requests[#requests + 1] = wrk.format("GET", path) end
        end
        request = function()
          next = next % #requests + 1
          return requests[next]
        end
        done = function(summary, latency)
          local errors = summary.errors
          io.write(string.format('\n{"requests":%d,"microseconds":%d,"errors":%d,"p50":%d,"p99":%d}\n', summary.requests, summary.duration,
            errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency:percentile(50), latency:percentile(99)))
        end
        """;

    /// <summary>Runs it.</summary>
    /// <param name="port">Where the requests go.</param>
    /// <param name="targets">What they ask for, one after the other.</param>
    /// <param name="callers">How many TCP connections there are, each with one request at a time.</param>
    /// <param name="duration">How long it runs, in whole seconds.</param>
    /// <exception cref="InvalidOperationException">A request failed: what is measured then is something else.</exception>
    public static async Task<Wrk> RunAsync(int port, IEnumerable<string> targets, int callers, TimeSpan duration)
    {
        var directory = Directory.CreateTempSubdirectory("cgw-wrk-").FullName;
        try
        {
            var (script, paths) = (Path.Combine(directory, "wrk.lua"), Path.Combine(directory, "paths"));
            await File.WriteAllTextAsync(script, Script);
            await File.WriteAllLinesAsync(paths, targets);
            var seconds = duration.TotalSeconds.ToString("f0", CultureInfo.InvariantCulture);
            var output = await Machine.RunAsync("wrk", ["-t1", $"-c{callers}", $"-d{seconds}s", "-s", script, $"http://127.0.0.1:{port}", "--", paths]);
            var told = JsonDocument.Parse(output.Split('\n').Last(line => line.StartsWith('{'))).RootElement;
            if (told.GetProperty("errors").GetInt64() is var errors and > 0)
            {
                throw new InvalidOperationException($"{errors} requests failed.");
            }

            return new Wrk(
                told.GetProperty("requests").GetInt64(), told.GetProperty("microseconds").GetInt64() / 1e6, told.GetProperty("p50").GetInt64() / 1e3, told.GetProperty("p99").GetInt64() / 1e3);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
