using System.Globalization;
using System.Text;
using System.Text.Json;
using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks.Load;

/// <summary>What the load benchmark tells: a table for people, the same as JSON, and a plot.</summary>
internal static class LoadReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly string[] References = [Contender.Yarp, Contender.Nginx, Contender.RedisPerRequest];

    /// <summary>Writes <c>load.md</c>, <c>load.json</c> and <c>load.svg</c>.</summary>
    public static async Task WriteAsync(IReadOnlyList<Measured> measured, int turns, TimeSpan duration)
    {
        var versions = await Machine.VersionsAsync();
        var method = string.Create(CultureInfo.InvariantCulture, $"{turns} turns of {duration.TotalSeconds:f0} s each, one after the other; medians, with the least and the most in brackets. {Machine.Description}; {versions}.");
        var markdown = Markdown(measured, method);
        await File.WriteAllTextAsync(Path.Combine(Machine.Reports, "load.md"), markdown);
        await File.WriteAllTextAsync(Path.Combine(Machine.Reports, "load.json"), JsonSerializer.Serialize(new { Machine = Machine.Description, Versions = versions, Turns = turns, Seconds = duration.TotalSeconds, Cells = measured }, Json));
        await File.WriteAllTextAsync(Path.Combine(Machine.Reports, "load.svg"), Plot.Of(
            "CPU time of a request: the gateway beside …", [.. from one in measured from reference in References where one.Ratio(reference) is not null select (one.Cell.ToString(), reference, one.Ratio(reference)!)]));
        Console.WriteLine(markdown);
    }

    private static string Markdown(IReadOnlyList<Measured> measured, string method)
    {
        var text = new StringBuilder().AppendLine(method).AppendLine();
        text.AppendLine("| upstream, body, load | gateway, CPU a request | beside bare YARP | beside nginx | beside YARP with a token from Redis | requests/s, gateway | bare YARP | p99, gateway | bare YARP |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var one in measured)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {one.Cell} | {one.Cpu(Contender.Gateway).ToString("f0", " µs")} | {string.Join(" | ", References.Select(reference => Ratio(one.Ratio(reference))))} "
                + $"| {Rate(one, Contender.Gateway)} | {Rate(one, Contender.Yarp)} | {Late(one, Contender.Gateway)} | {Late(one, Contender.Yarp)} |");
        }

        return text.ToString();
    }

    private static string Ratio(Spread? ratio) => ratio?.ToString("f2") ?? "";

    private static string Rate(Measured one, string contender) => one.Turns.ContainsKey(contender) ? one.Rate(contender).Median.ToString("N0", CultureInfo.InvariantCulture) : "";

    private static string Late(Measured one, string contender) => one.Turns.ContainsKey(contender) ? one.P99(contender).Median.ToString("f1", CultureInfo.InvariantCulture) + " ms" : "";
}
