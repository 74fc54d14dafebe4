using System.Text;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>The dashboard is one that Grafana shows as it is meant.</summary>
public sealed class DashboardTests
{
    private static readonly Dashboard Dashboard = new();
    private static readonly List<Panel> Charts = [.. Dashboard.Panels.Where(panel => !panel.IsRow)];

    [Fact]
    public void It_is_written_in_one_way_so_that_a_change_shows_what_changed() => Assert.Equal(Dashboard.Written, Dashboard.Text);

    [Fact]
    public void It_has_a_row_for_each_question()
    {
        Assert.Equal(
            ["Overview", "Tokens", "Connections", "Atlassian", "Callers and webhooks", "Store and self-checks", "Process"],
            Dashboard.Panels.Where(panel => panel.IsRow).OrderBy(row => row.Place.Y).Select(row => row.Title));
        Assert.All(Dashboard.Panels.Where(panel => panel.IsRow), row => Assert.Equal((0, 24, 1), (row.Place.X, row.Place.Width, row.Place.Height)));
    }

    [Fact]
    public void Panels_have_ids_of_their_own_and_lie_beside_each_other()
    {
        var panels = Dashboard.Panels;

        Assert.Equal(panels.Count, panels.Select(panel => panel.Id).Distinct().Count());
        Assert.All(panels, panel => Assert.True(panel.Place is { X: >= 0, Y: >= 0, Width: > 0, Height: > 0 } && panel.Place.X + panel.Place.Width <= 24, panel.Title));
        Assert.Empty(panels.SelectMany((one, index) => panels.Skip(index + 1).Where(one.Overlaps).Select(other => $"{one.Title} and {other.Title}")));
    }

    [Fact]
    public void Every_panel_says_what_it_shows_in_which_unit_and_of_which_data_source() => Assert.All(Charts, panel =>
    {
        Assert.EndsWith(".", panel.Description, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(panel.Unit), $"{panel.Title} has no unit");
        Assert.Equal("${datasource}", panel.Datasource);
        Assert.NotEmpty(panel.Targets);
        Assert.Equal(panel.Targets.Count, panel.Targets.Select(target => target["refId"]!.GetValue<string>()).Distinct().Count());
        Assert.All(panel.Targets, target => Assert.Equal("${datasource}", target["datasource"]!["uid"]!.GetValue<string>()));
    });

    [Fact]
    public void Every_expression_is_of_the_chosen_instances() => Assert.All(Charts.SelectMany(panel => panel.Expressions), expression =>
        // What the rules record is of a whole installation.
        Assert.All(
            PromQl.Selectors(expression).Where(selector => !selector.Metric.StartsWith("confluence_gateway:", StringComparison.Ordinal)),
            selector => Assert.Contains(new Matcher("instance", "=~", "$instance"), selector.Matchers)));

    [Fact]
    public void Its_variables_are_the_data_source_and_the_instance()
    {
        var variables = Dashboard.Json["templating"]!["list"]!.AsArray();

        Assert.Equal(["datasource datasource", "instance query"], variables.Select(variable => $"{variable!["name"]} {variable["type"]}"));
        Assert.Equal("label_values(confluence_gateway_build_info, instance)", variables[1]!["query"]!["query"]!.GetValue<string>());
        Assert.Equal(".*", variables[1]!["allValue"]!.GetValue<string>());
    }

    [Fact]
    public void Its_links_lead_to_runbooks_that_exist()
    {
        var links = Charts.SelectMany(panel => panel.Links).ToList();

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.StartsWith(Runbooks.Document + "#", link, StringComparison.Ordinal));
        Assert.All(links, link => Assert.Contains(link.Split('#')[1], Runbooks.Anchors));
        Assert.Equal([Runbooks.Document], Dashboard.Json["links"]!.AsArray().Select(link => link!["url"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Prometheus_takes_every_expression()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "expressions.yaml");
        var rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        foreach (var (index, expression) in Dashboard.Expressions.Index())
        {
            // In single quotes YAML changes nothing but the quote itself.
            rules.Append(System.Globalization.CultureInfo.InvariantCulture, $"      - record: expression_{index}\n        expr: '{expression.Replace("'", "''", StringComparison.Ordinal)}'\n");
        }

        await File.WriteAllTextAsync(path, rules.ToString(), TestContext.Current.CancellationToken);

        await Promtool.ApprovesAsync("check", "rules", path);
    }
}
