using System.Text.Json.Nodes;
using ConfluenceGateway.Tests.Conventions;
using k8s.Models;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>Rules and dashboard come through as their files are.</summary>
public sealed class MonitoringTests
{
    private const string RunbookBase = "https://example.com/confluence-gateway";
    private static readonly string Rules = Repository.Read("charts", "confluence-gateway", "files", "alerts.yaml");

    [Fact]
    public async Task The_rules_are_those_of_the_file_with_the_templates_of_Prometheus_intact()
    {
        var rendered = (await Helm.ExampleAsync("everything.yaml")).Single<PrometheusRule>();
        var file = new Manifest($"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n{Indented(Rules)}").Objects.OfType<PrometheusRule>().Single();
        Assert.Equal(Told(file), Told(rendered));
        Assert.Contains("{{ $", string.Join(' ', Told(rendered)), StringComparison.Ordinal);
        Assert.Contains(RunbookBase, string.Join(' ', Told(rendered)), StringComparison.Ordinal);
        Assert.Equal("prometheus", rendered.Metadata.Labels["release"]);
    }

    [Fact]
    public async Task Links_to_runbooks_lead_where_the_values_say()
    {
        var told = string.Join(' ', Told((await Helm.ExampleAsync("production.yaml")).Single<PrometheusRule>()));
        Assert.DoesNotContain(RunbookBase, told, StringComparison.Ordinal);
        Assert.Contains("https://runbooks.example.com/docs/operations.md#", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_is_that_of_the_file_and_has_the_label_that_Grafana_looks_for()
    {
        var map = (await Helm.ExampleAsync("everything.yaml")).Single<V1ConfigMap>("-dashboard");
        Assert.Equal("1", map.Metadata.Labels["grafana_dashboard"]);
        var (name, dashboard) = Assert.Single(map.Data);
        Assert.EndsWith(".json", name, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Repository.Read("charts", "confluence-gateway", "files", "dashboard.json")), JsonNode.Parse(dashboard)));
    }

    [Fact]
    public async Task Prometheus_scrapes_the_management_port_of_this_release_alone()
    {
        var manifest = await Helm.ExampleAsync("everything.yaml");
        var monitor = manifest.Single<ServiceMonitor>();
        var endpoint = Assert.Single(monitor.Spec.Endpoints);
        Assert.Equal(("management", "/metrics", "15s", "10s"), (endpoint.Port, endpoint.Path, endpoint.Interval, endpoint.ScrapeTimeout));
        Assert.Equal(["apps"], monitor.Spec.NamespaceSelector.MatchNames);
        Assert.Equal("gw", monitor.Spec.Selector.MatchLabels["app.kubernetes.io/instance"]);
        Assert.Equal("prometheus", monitor.Metadata.Labels["release"]);
    }

    private static IEnumerable<string> Told(PrometheusRule rules) => rules.Spec.Groups.SelectMany(group => group.Rules.Select(rule =>
        $"{group.Name} {rule.Alert}{rule.Record} {rule.Expr} {rule.For} {string.Join(' ', rule.Labels ?? new Dictionary<string, string>())} {string.Join(' ', rule.Annotations ?? new Dictionary<string, string>())}"));

    private static string Indented(string yaml) => string.Join('\n', yaml.Split('\n').Select(line => "  " + line));
}
