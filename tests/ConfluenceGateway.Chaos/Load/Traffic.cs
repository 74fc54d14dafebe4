using System.Collections.Concurrent;
using System.Net;
using ConfluenceGateway.Chaos.Faults;
using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Load;

/// <summary>
/// Apps that ask all the time, over all replicas and connections. An answer is good, or a 503 with a Retry-After that a fault
/// explains, or none from a replica that is dead or paused. Anything else is a failure.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    // So many apps ask each replica, one request at a time each: what is in flight is bounded, and a replica that stands still keeps nobody from the others.
    private const int AppsOfAReplica = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Cluster _cluster;
    private readonly FaultLog _faults;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly int _seed;
    private Task[] _apps = [];
    private long _served, _withoutToken, _silent;

    public Traffic(Cluster cluster, FaultLog faults, int seed)
    {
        _cluster = cluster;
        _faults = faults;
        _seed = seed;
    }

    /// <summary>Requests answered with 200.</summary>
    public long Served => Interlocked.Read(ref _served);

    /// <summary>Requests answered with a 503 that a fault explains.</summary>
    public long WithoutToken => Interlocked.Read(ref _withoutToken);

    /// <summary>Requests to a dead or paused replica.</summary>
    public long Silent => Interlocked.Read(ref _silent);

    /// <summary>Every other answer, with its time.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>The apps begin to ask.</summary>
    public void Begin() => _apps = [.. _cluster.Replicas.SelectMany((replica, index) => Enumerable.Range(0, AppsOfAReplica)
        .Select(app => AskAsync(replica, new Random(_seed + index * AppsOfAReplica + app))))];

    /// <summary>No more requests; those in flight are waited for.</summary>
    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_apps);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ending.Dispose();
    }

    private async Task AskAsync(Replica replica, Random random)
    {
        while (!_ending.IsCancellationRequested)
        {
            await SendAsync(replica, _cluster.Connections[random.Next(_cluster.Connections.Count)].ConnectionId);
            await Task.Delay(Interval * (0.5 + random.NextDouble()), TimeProvider.System, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(Replica replica, string connectionId)
    {
        var began = _faults.Now;
        try
        {
            using var answer = await replica.GetPageAsync(connectionId);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref _served);
                return;
            }

            if (await Answer.IsWithoutTokenAsync(answer) && _faults.ExplainsNoToken(began, _faults.Now))
            {
                Interlocked.Increment(ref _withoutToken);
                return;
            }

            Fail(await Answer.BriefAsync(answer));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            if (_faults.ExplainsSilence(replica, began, _faults.Now))
            {
                Interlocked.Increment(ref _silent);
                return;
            }

            Fail($"no answer: {exception.Message}");
        }

        void Fail(string what) => _failures.Enqueue($"{began:mm\\:ss\\.f} to {_faults.Now:mm\\:ss\\.f}, {connectionId} on {replica.Name}: {what}");
    }
}
