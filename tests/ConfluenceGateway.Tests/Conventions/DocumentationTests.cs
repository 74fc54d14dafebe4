using System.Reflection;
using System.Text.RegularExpressions;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Tests.Conventions;

/// <summary>What is documented is there, and what is there is documented.</summary>
public sealed partial class DocumentationTests
{
    private static readonly Dictionary<string, Type> Sections = typeof(ListenOptions).Assembly.GetTypes()
        .Where(type => type.GetField("SectionName") is { IsLiteral: true })
        .ToDictionary(type => (string)type.GetField("SectionName")!.GetRawConstantValue()!);

    [Fact]
    public void Every_setting_is_documented()
    {
        var documented = DocumentedSettings();

        Assert.Empty(Sections.SelectMany(section => Settable(section.Value).Select(name => $"{section.Key}:{name}")).Except(documented));
    }

    [Fact]
    public void Every_documented_setting_exists()
    {
        var known = Sections.SelectMany(section => section.Value.GetProperties().Select(property => $"{section.Key}:{property.Name}"));

        Assert.Empty(DocumentedSettings().Where(key => Sections.ContainsKey(key.Split(':')[0])).Except(known));
    }

    [Fact]
    public async Task Every_metric_has_the_prefix_and_is_documented()
    {
        var documented = Repository.Read("docs", "architecture.md");
        var names = await MetricNamesAsync();

        Assert.NotEmpty(names);
        Assert.All(names, name =>
        {
            Assert.StartsWith("confluence_gateway_", name, StringComparison.Ordinal);
            // The document gives the prefix once and the names without it.
            Assert.Matches($@"`(confluence_gateway_)?{Regex.Escape(name["confluence_gateway_".Length..])}(\{{[a-z_,]*\}})?`", documented);
        });
    }

    private static HashSet<string> DocumentedSettings() =>
        [.. SettingPattern().Matches(Repository.Read("docs", "configuration.md")).Select(match => match.Groups[1].Value)];

    private static IEnumerable<string> Settable(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => property.Name);

    private static async Task<IReadOnlyList<string>> MetricNamesAsync()
    {
        var metrics = new GatewayMetrics();
        using var exposition = new MemoryStream();
        await metrics.Registry.CollectAndExportAsTextAsync(exposition);
        return
        [
            .. System.Text.Encoding.UTF8.GetString(exposition.ToArray()).Split('\n')
                .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[2])
                .Where(name => !name.StartsWith("process_", StringComparison.Ordinal) && !name.StartsWith("dotnet_", StringComparison.Ordinal)),
        ];
    }

    [GeneratedRegex("`((?:[A-Z][A-Za-z]+:)+[A-Z][A-Za-z0-9]+)`")]
    private static partial Regex SettingPattern();
}
