namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>The reading of expressions that other tests rely on.</summary>
public sealed class PromQlTests
{
    [Fact]
    public void Functions_words_and_numbers_are_no_metrics()
    {
        const string Expression = """
            sum by (namespace, job) (rate(requests_total{code=~"5..|429", product!="none"}[$window])) / 1e3 > 14.4 * 0.001
            unless on (job) group_left () recorded:requests:rate5m offset 1h and histogram_quantile(0.99, duration_bucket) or time() - max without (le) (start)
            """;

        Assert.Equal(["requests_total", "recorded:requests:rate5m", "duration_bucket", "start"], PromQl.Selectors(Expression).Select(selector => selector.Metric));
        Assert.Equal([new Matcher("code", "=~", "5..|429"), new Matcher("product", "!=", "none")], PromQl.Selectors(Expression)[0].Matchers);
        Assert.Equal(["namespace", "job", "job", "le"], PromQl.GroupingLabels(Expression));
    }
}
