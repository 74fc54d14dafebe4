using ConfluenceGateway.Tests.Conventions;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>The rules for Prometheus that come with the chart.</summary>
internal sealed class RuleFile
{
    public static string Path { get; } = System.IO.Path.Combine(Repository.Root, "charts", "confluence-gateway", "files", "alerts.yaml");

    public List<RuleGroup> Groups { get; init; } = [];

    public IEnumerable<Rule> Alerts => Rules.Where(rule => rule.Alert is not null);

    public IEnumerable<Rule> Records => Rules.Where(rule => rule.Record is not null);

    public IEnumerable<Rule> Rules => Groups.SelectMany(group => group.Rules);

    public static RuleFile Read() =>
        new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<RuleFile>(File.ReadAllText(Path));
}

/// <summary>Rules that are evaluated together.</summary>
internal sealed class RuleGroup
{
    public string Name { get; init; } = "";

    public List<Rule> Rules { get; init; } = [];
}

/// <summary>An alert, or an expression whose result is recorded.</summary>
internal sealed class Rule
{
    public string? Alert { get; init; }

    public string? Record { get; init; }

    public string Expr { get; init; } = "";

    public string? For { get; init; }

    public Dictionary<string, string> Labels { get; init; } = [];

    public Dictionary<string, string> Annotations { get; init; } = [];
}
