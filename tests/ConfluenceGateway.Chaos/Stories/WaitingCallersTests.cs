using System.Globalization;
using System.Net;
using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Chaos.Faults;
using ConfluenceGateway.Chaos.Load;
using ConfluenceGateway.Chaos.Replicas;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>A token ends while 200 callers of each of three replicas want it.</summary>
/// <remarks>
/// Not beside other stories: it is a measurement. What waiting adds is a caller's latency less the exchange, as the replica that
/// refreshed has timed it. The same callers with a fresh token, in turns with it, show what 600 requests at once cost on the machine anyhow.
/// </remarks>
[Collection(nameof(WaitingCallersTests))]
[CollectionDefinition(nameof(WaitingCallersTests), DisableParallelization = true)]
public sealed class WaitingCallersTests
{
    private const int Callers = 200;
    private const int Rounds = 3;
    private const string Seconds = "confluence_gateway_token_refresh_duration_seconds_sum";

    // Long enough for every caller to arrive while it is under way, on a busy machine too.
    private static readonly TimeSpan Exchange = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Shortly = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    // An aim of the design is 25 ms at p99. On a shared machine only something gross can be told from its load.
    private static readonly TimeSpan Gross = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Six_hundred_callers_of_three_replicas_wait_for_one_exchange()
    {
        RedisProcess.Require();
        var settings = new ClusterSettings
        {
            Connections = 1,
            ExchangeTimeout = TimeSpan.FromSeconds(20),
            TokenLifetime = Long,
        };
        await using var cluster = await Cluster.StartAsync(settings);
        var (id, grantId) = Assert.Single(cluster.Connections);
        await cluster.Atlassian.AddFaultAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = Exchange });
        // Connections are opened and code is compiled in the first.
        await Burst.ReleaseAsync(cluster, id, Callers);
        var (waiting, fresh) = (new List<Burst>(), new List<Burst>());
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{cluster.Replicas.Count} x {Callers} callers at once, one exchange each round");

        for (var round = 0; round < Rounds; round++)
        {
            await ExpireAsync(cluster, id);
            var (before, spent) = (await cluster.Atlassian.GetGrantAsync(grantId), await ExchangingAsync(cluster));
            var burst = await Burst.ReleaseAsync(cluster, id, Callers);
            var (after, exchange) = (await cluster.Atlassian.GetGrantAsync(grantId), await ExchangingAsync(cluster) - spent);

            Assert.Equal((before.Exchanges + 1, before.Attempts + 1), (after.Exchanges, after.Attempts));
            Assert.True(exchange >= Exchange, $"an exchange of {exchange}");
            waiting.Add(burst.Beyond(exchange));
            fresh.Add(await Burst.ReleaseAsync(cluster, id, Callers));
            output.WriteLine($"{round + 1}  beyond the exchange {waiting[^1]};  with a fresh token {fresh[^1]}");
            Assert.Equal(after.Attempts, (await cluster.Atlassian.GetGrantAsync(grantId)).Attempts);
        }

        var added = Burst.Of(waiting);
        output.WriteLine($"all beyond the exchange {added};  with a fresh token {Burst.Of(fresh)}");
        Assert.InRange(added.Percentile(0.99), TimeSpan.Zero, Gross);
    }

    /// <summary>The connection has a token that has ended. The next one will live long.</summary>
    private static async Task ExpireAsync(Cluster cluster, string id)
    {
        await cluster.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AccessTokenLifetime = Shortly });
        using var refreshed = await cluster.Replicas[0].RefreshAsync(id);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        await cluster.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AccessTokenLifetime = Long });
        await FaultInjector.PauseAsync(Shortly);
    }

    /// <summary>The time that all replicas have spent in exchanges.</summary>
    private static async Task<TimeSpan> ExchangingAsync(Cluster cluster)
    {
        var expositions = await Task.WhenAll(cluster.Replicas.Select(replica => replica.Operator.GetStringAsync("/metrics")));
        return TimeSpan.FromSeconds(expositions.Sum(text => double.Parse(
            text.Split('\n').Single(line => line.StartsWith(Seconds + " ", StringComparison.Ordinal))[Seconds.Length..], CultureInfo.InvariantCulture)));
    }
}
