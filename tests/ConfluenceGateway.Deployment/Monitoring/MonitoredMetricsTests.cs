using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;
using Prometheus;

namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>Alerts and dashboard look at what a running gateway shows: a name that nobody exports would be silent for ever.</summary>
public sealed class MonitoredMetricsTests
{
    private static readonly RuleFile Rules = RuleFile.Read();
    private static readonly List<string> Expressions = [.. Rules.Rules.Select(rule => rule.Expr), .. new Dashboard().Expressions];
    private static readonly List<Selector> Selectors = [.. Expressions.SelectMany(PromQl.Selectors)];

    // What Prometheus adds to each series that it scrapes, and the series that it makes of each target.
    private static readonly string[] OfTargets = ["namespace", "job", "instance"];
    private const string Up = "up";
    private static readonly Dictionary<string, string[]> LabelsOfGateway = OfGateway();

    [Fact]
    public async Task Every_metric_is_exported_by_a_running_gateway()
    {
        using var directory = new TemporaryDirectory();
        await using var gateway = ProgramRun.Gateway([$"--Embedded:DataDirectory={directory.Path}"]);
        using var management = await gateway.OperatorAsync("none");
        var exposition = await management.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var types = exposition.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToDictionary(line => line[2], line => line[3]);
        var series = types.SelectMany(type => type.Value == "histogram" ? [$"{type.Key}_bucket", $"{type.Key}_sum", $"{type.Key}_count"] : new[] { type.Key });

        Assert.Empty(Selectors.Select(selector => selector.Metric).Except([.. series, .. Rules.Records.Select(rule => rule.Record!), Up]));
    }

    [Fact]
    public void Every_label_is_one_of_its_metric()
    {
        Assert.All(Selectors.Where(selector => Labels(selector.Metric) is not null), selector =>
            Assert.Empty(selector.Matchers.Select(matcher => matcher.Label).Except(Labels(selector.Metric)!).Select(label => $"{selector.Metric} has no label {label}")));
        Assert.All(Expressions.Where(expression => PromQl.Selectors(expression).All(selector => Labels(selector.Metric) is not null)), expression =>
            Assert.Empty(PromQl.GroupingLabels(expression).Except(PromQl.Selectors(expression).SelectMany(selector => Labels(selector.Metric)!))));
    }

    [Fact]
    public void Every_value_of_a_label_is_documented()
    {
        var documented = Repository.Read("docs", "architecture.md") + Repository.Read("docs", "management-api.md");
        var values = Selectors.SelectMany(selector => selector.Matchers).Where(matcher => matcher.Label != "instance").SelectMany(matcher => matcher.Value.Split('|')).ToHashSet();

        Assert.Contains("reauth_required", values);
        Assert.All(values, value => Assert.Contains($"`{value}`", documented, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_recorded_expression_is_used()
    {
        var used = Selectors.Select(selector => selector.Metric).ToHashSet();

        Assert.Subset(used, Rules.Records.Select(rule => rule.Record!).ToHashSet());
    }

    /// <summary>The labels of a metric; null of one that the libraries make.</summary>
    private static string[]? Labels(string metric) =>
        Rules.Records.SingleOrDefault(rule => rule.Record == metric) is { } record ? [.. PromQl.GroupingLabels(record.Expr), .. OfTargets, .. RecordedLabels(record)]
        : LabelsOfGateway.TryGetValue(metric, out var labels) ? labels
        : metric.StartsWith("confluence_gateway_", StringComparison.Ordinal) || metric == Up ? OfTargets
        : null;

    // A record without a grouping of its own has the labels of what it reads.
    private static IEnumerable<string> RecordedLabels(Rule record) =>
        PromQl.GroupingLabels(record.Expr).Count > 0 ? [] : PromQl.Selectors(record.Expr).SelectMany(selector => Labels(selector.Metric) ?? OfTargets);

    private static Dictionary<string, string[]> OfGateway()
    {
        var metrics = new GatewayMetrics();
        var labels = new Dictionary<string, string[]> { ["confluence_gateway_build_info"] = ["version", .. OfTargets] };
        foreach (var collector in typeof(GatewayMetrics).GetProperties().Select(property => property.GetValue(metrics)).OfType<Collector>())
        {
            string[] names = collector is Histogram ? [$"{collector.Name}_bucket", $"{collector.Name}_sum", $"{collector.Name}_count"] : [collector.Name];
            foreach (var name in names)
            {
                labels[name] = [.. collector.LabelNames, .. OfTargets, .. name.EndsWith("_bucket", StringComparison.Ordinal) ? ["le"] : Array.Empty<string>()];
            }
        }

        return labels;
    }
}
