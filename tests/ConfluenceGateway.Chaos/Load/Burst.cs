using System.Diagnostics;
using System.Globalization;
using System.Net;
using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Load;

/// <summary>How long callers waited who were all released at once: from the release to the answer.</summary>
/// <param name="Latencies">One for each caller, the shortest first.</param>
internal sealed record Burst(IReadOnlyList<TimeSpan> Latencies)
{
    /// <summary>So many callers of each replica ask for the connection at once, and all are served.</summary>
    public static async Task<Burst> ReleaseAsync(Cluster cluster, string connectionId, int callersOfAReplica)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new Stopwatch();
        var callers = cluster.Replicas.SelectMany(replica => Enumerable.Range(0, callersOfAReplica).Select(_ => AskAsync(replica))).ToArray();
        clock.Start();
        release.SetResult();
        return new Burst([.. (await Task.WhenAll(callers)).Order()]);

        async Task<TimeSpan> AskAsync(Replica replica)
        {
            await release.Task;
            using var answer = await replica.GetPageAsync(connectionId);
            var latency = clock.Elapsed;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return latency;
        }
    }

    /// <summary>What each waited beyond <paramref name="time"/>.</summary>
    public Burst Beyond(TimeSpan time) => new([.. Latencies.Select(latency => latency - time)]);

    /// <summary>Several as one.</summary>
    public static Burst Of(IEnumerable<Burst> bursts) => new([.. bursts.SelectMany(burst => burst.Latencies).Order()]);

    /// <summary>The latency that this share of the callers did not exceed.</summary>
    public TimeSpan Percentile(double share) => Latencies[(int)Math.Ceiling(share * Latencies.Count) - 1];

    /// <inheritdoc />
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"first {Latencies[0].TotalMilliseconds,6:0} ms, p50 {Percentile(0.5).TotalMilliseconds,6:0} ms, p99 {Percentile(0.99).TotalMilliseconds,6:0} ms");
}
