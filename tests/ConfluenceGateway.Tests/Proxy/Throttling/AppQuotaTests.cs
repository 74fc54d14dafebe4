using System.Net;
using System.Text;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace ConfluenceGateway.Tests.Proxy.Throttling;

/// <summary>What answers tell of the quota that all connections share.</summary>
public sealed class AppQuotaTests
{
    private const string Policy = "RateLimit-Policy: \"global-app-quota\";q=65000;w=3600";
    private const string Rest = "RateLimit: \"global-app-quota\";r=11000;t=600";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 6, 1, 12, 50, 0, TimeSpan.Zero));
    private readonly GatewayMetrics _metrics = new();
    private readonly AppQuota _quota;

    public AppQuotaTests() => _quota = new AppQuota(_metrics, _clock);

    [Fact]
    public void Nothing_is_known_at_first_and_the_quota_alone_far_from_its_end()
    {
        Assert.Equal((null, null, null), Known());

        Observe(Policy);

        Assert.Equal((65_000, null, null), Known());
    }

    [Fact]
    public void What_is_left_is_known_until_it_is_reset()
    {
        Observe(Policy, Rest);
        Assert.Equal((65_000, 11_000, new DateTimeOffset(2030, 6, 1, 13, 0, 0, TimeSpan.Zero)), Known());

        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((65_000, null, null), Known());
    }

    [Theory]
    [InlineData("Beta-RateLimit-Policy: \"global-app-quota\";q=65000;w=3600", "Beta-RateLimit: \"global-app-quota\";r=11000;t=600")]
    [InlineData("ratelimit-policy: \"burst\";q=100;w=60, \"conf-global\" ; Q = 65000 ; w=3600", "ratelimit: \"burst\";r=3;t=1,\"conf-global\" ; t=600 ; r = 11000")]
    [InlineData("RateLimit-Policy: global;q=65000", "RateLimit: global;r=11000;t=600;pk=:x=y:")]
    public void The_form_may_differ(string policy, string rest)
    {
        Observe(policy, rest);

        Assert.Equal((65_000, 11_000), (_quota.Limit, _quota.Remaining));
    }

    [Fact]
    public void Policies_in_headers_of_their_own_are_one_list()
    {
        Observe("RateLimit: \"tenant-quota\";r=3;t=1", Rest);

        Assert.Equal(11_000, _quota.Remaining);
    }

    [Theory]
    [InlineData("RateLimit-Policy: \"global-app-quota\"", "RateLimit: \"global-app-quota\"")]
    [InlineData("RateLimit-Policy: \"global-app-quota\";q=many", "RateLimit: \"global-app-quota\";r=few;t=600")]
    [InlineData("RateLimit-Policy: \"global-app-quota\";q=-1", "RateLimit: \"global-app-quota\";r=-1;t=600")]
    [InlineData("RateLimit-Policy: \"global-app-quota\";q=0", "RateLimit: \"global-app-quota\";r=1;t=-1")]
    [InlineData("RateLimit-Policy: \"global-app-quota\";q=9223372036854775807", "RateLimit: \"global-app-quota\";r=1;t=9223372036854775807")]
    [InlineData("RateLimit-Policy: \"global-app-quota\";q=99999999999999999999", "RateLimit: \"global-app-quota\";r=1;t=999999999999")]
    [InlineData("RateLimit-Policy: \"global-app-quota\";;=;q==5;q", "RateLimit: \"global-app-quota\";r=1")]
    [InlineData("RateLimit-Policy: \"tenant-app-quota\";q=5;w=3600", "RateLimit: \"tenant-app-quota\";r=1;t=600")]
    [InlineData("RateLimit-Policy: ,,;\"", "RateLimit: ")]
    public void Nonsense_and_the_quotas_of_others_change_nothing(string policy, string rest)
    {
        Observe(Policy, Rest);

        Observe(policy, rest);

        Assert.Equal((65_000, 11_000), (_quota.Limit, _quota.Remaining));
    }

    [Fact]
    public async Task The_gauge_shows_what_is_left_and_is_absent_while_it_is_not_known()
    {
        Assert.Null(await GaugeAsync());

        Observe(Policy, Rest);
        Assert.Equal("11000", await GaugeAsync());

        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await GaugeAsync());
    }

    [Fact]
    public void An_answer_that_tells_nothing_costs_no_memory()
    {
        using var answer = Answers.With(HttpStatusCode.OK, "Server: AtlassianEdge", "X-Trace-Id: 1");
        _quota.Observe(answer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 1_000; call++)
        {
            _quota.Observe(answer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Observe(params string[] headers)
    {
        using var answer = Answers.With(HttpStatusCode.OK, headers);
        _quota.Observe(answer);
    }

    private (long? Limit, long? Remaining, DateTimeOffset? ResetsAt) Known() => (_quota.Limit, _quota.Remaining, _quota.ResetsAt);

    private async Task<string?> GaugeAsync()
    {
        const string Name = "confluence_gateway_upstream_quota_remaining ";
        using var exposition = new MemoryStream();
        await _metrics.Registry.CollectAndExportAsTextAsync(exposition);
        var line = Encoding.UTF8.GetString(exposition.ToArray()).Split('\n').SingleOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        return line?[Name.Length..];
    }
}
