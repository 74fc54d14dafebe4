using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>Alerts fire when they should, are silent when they should, and say what to do.</summary>
public sealed class AlertRulesTests
{
    private static readonly RuleFile Rules = RuleFile.Read();

    public static TheoryData<string> CaseFiles => [.. PromtoolCases.Files];

    [Fact]
    public async Task Prometheus_takes_the_rules() => await Promtool.ApprovesAsync("check", "rules", RuleFile.Path);

    [Theory]
    [MemberData(nameof(CaseFiles))]
    public async Task Alerts_fire_and_stay_silent_as_the_cases_say(string file) => await Promtool.ApprovesAsync("test", "rules", PromtoolCases.PathOf(file));

    [Theory]
    [MemberData(nameof(CaseFiles))]
    public void Cases_run_the_groups_in_the_order_of_the_rules_so_that_no_chance_decides(string file) =>
        Assert.Equal(Rules.Groups.Select(group => group.Name), PromtoolCases.Read(file).GroupEvalOrder);

    [Fact]
    public void Every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent()
    {
        var cases = PromtoolCases.Files.SelectMany(file => PromtoolCases.Read(file).Tests).SelectMany(test => test.AlertRuleTest).ToLookup(expected => expected.ExpAlerts.Count > 0, expected => expected.Alertname);
        var alerts = Rules.Alerts.Select(rule => rule.Alert!).ToList();

        Assert.Empty(alerts.Except(cases[true]));
        Assert.Empty(alerts.Except(cases[false]));
        // A case of an alert that was renamed would be silent for ever.
        Assert.Empty(cases[true].Concat(cases[false]).Except(alerts));
    }

    [Fact]
    public void Every_alert_says_how_urgent_it_is_what_happened_and_where_to_read_on()
    {
        Assert.Equal(Rules.Alerts.Count(), Rules.Alerts.Select(rule => rule.Alert).Distinct().Count());
        Assert.All(Rules.Alerts, rule =>
        {
            Assert.StartsWith("ConfluenceGateway", rule.Alert, StringComparison.Ordinal);
            Assert.True(rule.Labels.GetValueOrDefault("severity") is "page" or "ticket", rule.Alert);
            Assert.Equal(["description", "runbook_url", "summary"], rule.Annotations.Keys.Order(StringComparer.Ordinal));
            Assert.InRange(rule.Annotations["summary"].Length, 10, 100);
            // More than one sentence: what is the case, and the next step.
            Assert.Matches(@"[.:;] .+\.$", rule.Annotations["description"]);
            Assert.Equal($"{Runbooks.Document}#{rule.Alert!.ToLowerInvariant()}", rule.Annotations["runbook_url"]);
        });
    }

    [Fact]
    public void Every_runbook_is_there_and_has_the_same_parts()
    {
        Assert.Equal(Rules.Alerts.Select(rule => rule.Alert!), Runbooks.Entries.Keys);
        Assert.All(Runbooks.Entries, entry => Assert.Equal(
            Runbooks.Parts,
            entry.Value.Split('\n').Where(line => line.StartsWith("**", StringComparison.Ordinal)).Select(line => line.Split("**")[1])));
        Assert.All(Rules.Alerts, rule => Assert.Contains($"\nSeverity: `{rule.Labels["severity"]}`\n", Runbooks.Entries[rule.Alert!], StringComparison.Ordinal));
        Assert.All(Rules.Alerts, rule => Assert.Contains(rule.Annotations["runbook_url"].Split('#')[1], Runbooks.Anchors));
        Assert.Subset(Runbooks.Anchors.ToHashSet(), Runbooks.Linked.ToHashSet());
        Assert.Superset(Rules.Alerts.Select(rule => rule.Alert!.ToLowerInvariant()).ToHashSet(), Runbooks.Linked.ToHashSet());
    }

    [Fact]
    public void The_error_budget_is_used_up_by_what_the_gateway_counts_as_its_faults()
    {
        var faults = PromQl.Selectors(Rules.Records.Single(rule => rule.Record == "confluence_gateway:faults:total").Expr).Single().Matchers.Single();

        Assert.Equal(("problem", "=~"), (faults.Label, faults.Operator));
        Assert.Equal(GatewayMetrics.Faults, faults.Value.Split('|'));
    }
}
