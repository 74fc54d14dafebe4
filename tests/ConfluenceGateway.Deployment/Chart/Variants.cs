using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>
/// Renders the chart many times in one run of Helm, which mostly is its start: a chart for each set of values, all of them below one.
/// </summary>
internal static partial class Variants
{
    /// <summary>What each set of values renders, with the variant's own name taken out.</summary>
    public static async Task<IReadOnlyList<string>> RenderAsync(IReadOnlyList<JsonObject> values)
    {
        var parts = await Task.WhenAll(values.Chunk((values.Count + Environment.ProcessorCount - 1) / Environment.ProcessorCount).Select(RenderPartAsync));
        return [.. parts.SelectMany(part => part)];
    }

    private static async Task<IEnumerable<string>> RenderPartAsync(JsonObject[] values)
    {
        using var folder = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(folder.Path, "charts"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "charts", "confluence-gateway"), Helm.Chart);
        var chart = new StringBuilder("apiVersion: v2\nname: all\nversion: 0.1.0\ndependencies:\n");
        var all = new JsonObject();
        foreach (var (index, set) in values.Index())
        {
            chart.Append("  - {name: confluence-gateway, version: 0.1.0, alias: ").Append(Name(index)).Append("}\n");
            all[Name(index)] = set.DeepClone();
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "Chart.yaml"), chart.ToString());
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "values.yaml"), all.ToJsonString());
        var end = await Helm.RunAsync(["template", "gw", folder.Path]);
        Assert.True(end.ExitCode == 0, AnyName().Replace(end.Errors, name => $"{name} {values[int.Parse(name.Value[^4..], null)].ToJsonString()}"));
        var rendered = Source().Split(end.Output).Skip(1).Chunk(2).ToLookup(part => part[0], part => AnyName().Replace(part[1], "variant"));
        return values.Select((_, index) => string.Concat(rendered[Name(index)]));
    }

    private static string Name(int index) => $"variant{index:D4}";

    [GeneratedRegex(@"variant[0-9]{4}")]
    private static partial Regex AnyName();

    [GeneratedRegex(@"^---\n# Source: all/charts/(variant[0-9]{4})/.*$", RegexOptions.Multiline)]
    private static partial Regex Source();
}
