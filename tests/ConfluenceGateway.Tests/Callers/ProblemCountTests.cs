using System.Net;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Callers;

/// <summary>The gateway's own answers to apps are counted by their names, apart from what Atlassian answered.</summary>
public sealed class ProblemCountTests(Stores stores)
{
    [Fact]
    public async Task An_answer_of_the_gateways_own_is_counted_by_its_name()
    {
        await using var world = await World.ConnectedAsync(stores);

        using var unknown = await world.Gateway.App.GetAsync("/confluence/nobody/wiki/api/v2/pages");
        using var status = await world.Gateway.App.GetAsync("/confluence-status/nobody");
        using var unsafePath = await world.Gateway.App.GetAsync("/confluence/demo/%2e%2e%2fadmin");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (unknown.StatusCode, status.StatusCode, unsafePath.StatusCode));
        Assert.Equal(2, await CountAsync(world, "unknown-connection"));
        Assert.Equal(1, await CountAsync(world, "bad-path"));
    }

    [Fact]
    public async Task An_answer_in_place_of_v1_is_counted()
    {
        await using var world = await World.ConnectedAsync(stores);

        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/rest/api/space?favourite=true");

        Assert.Equal(HttpStatusCode.NotImplemented, answer.StatusCode);
        Assert.Equal(1, await CountAsync(world, "v1-not-on-v2"));
    }

    [Fact]
    public async Task A_defect_is_counted()
    {
        await using var world = await World.ConnectedAsync(stores);
        await world.Gateway.CreateAsync("broken");
        // Nobody writes such a record, so nothing expects it.
        var redis = world.Gateway.Services.GetRequiredService<RedisConnection>().Database;
        await redis.HashSetAsync(world.Gateway.Services.GetRequiredService<RedisKeys>().Connection("broken"), "created_at", "no time");

        using var answer = await world.Gateway.App.GetAsync("/confluence/broken/wiki/api/v2/pages");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(1, await CountAsync(world, "internal-error"));
        Assert.Equal(1, await world.Gateway.MetricAsync("confluence_gateway_requests_total{product=\"confluence\",code=\"500\"}"));
    }

    [Fact]
    public async Task What_Atlassian_answers_and_what_operators_are_answered_is_not_counted()
    {
        await using var world = await World.ConnectedAsync(stores);

        using var ofAtlassian = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages/1");
        using var ofManagement = await world.Gateway.Operator.GetAsync("/api/v1/connections/nobody");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (ofAtlassian.StatusCode, ofManagement.StatusCode));
        var exposition = await world.Gateway.Management.GetStringAsync("/metrics");
        Assert.All(
            exposition.Split('\n').Where(line => line.StartsWith("confluence_gateway_problems_total{", StringComparison.Ordinal)),
            line => Assert.EndsWith(" 0", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Faults_are_there_from_the_start()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        var exposition = await world.Gateway.Management.GetStringAsync("/metrics");

        Assert.All(GatewayMetrics.Faults, fault => Assert.Contains($"confluence_gateway_problems_total{{problem=\"{fault}\"}} 0\n", exposition, StringComparison.Ordinal));
    }

    private static Task<double> CountAsync(World world, string problem) => world.Gateway.MetricAsync($"confluence_gateway_problems_total{{problem=\"{problem}\"}}");
}
