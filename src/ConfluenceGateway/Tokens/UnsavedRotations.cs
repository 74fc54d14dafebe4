using System.Collections.Concurrent;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ConfluenceGateway.Tokens;

/// <summary>
/// R8: pairs that were exchanged and that the store did not take. Each is the only copy there is: it serves from here, and is
/// offered to the store for as long as the process lives. Shutdown waits for it.
/// </summary>
internal sealed partial class UnsavedRotations(
    ConnectionCache connections, IGrantStore grants, GatewayMetrics metrics, TimeProvider time, ILogger<UnsavedRotations> logger) : IHostedService, IHealthCheck
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<ConnectionSnapshot, Task> _saving = new(ReferenceEqualityComparer.Instance);

    /// <summary>Serves <paramref name="rotated"/> from here, and stores it once the store takes it.</summary>
    /// <param name="rotated">The connection with its new pair, at the generation it will most likely have.</param>
    public void Keep(ConnectionSnapshot rotated)
    {
        connections.Put(rotated);
        metrics.UnsavedRotations.Inc();
        // Registered before it runs, so that it cannot end unseen.
        var begin = new TaskCompletionSource();
        _saving[rotated] = SaveAsync(rotated, begin.Task);
        begin.SetResult();
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits until the store has them all; a process that is killed instead loses them, unless the token is sent again in time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_saving.Values).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var rotated in _saving.Keys)
            {
                Log.Abandoned(logger, rotated.Connection.Id, rotated.Grant!.Generation);
            }
        }
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var ids = _saving.Keys.Select(rotated => rotated.Connection.Id.Value).Order(StringComparer.Ordinal).ToArray();
        return Task.FromResult(ids.Length == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(
                "Rotated tokens that the store has not taken yet are held in this process only. Do not kill it; mend the store.",
                data: new Dictionary<string, object> { ["connections"] = ids }));
    }

    private async Task SaveAsync(ConnectionSnapshot rotated, Task begin)
    {
        await begin;
        var id = rotated.Connection.Id;
        for (var pause = FirstPause; !await TrySaveAsync(rotated); pause = pause < LongestPause ? pause * 2 : pause)
        {
            await Task.Delay(pause, time);
        }

        _saving.TryRemove(rotated, out _);
        metrics.UnsavedRotations.Dec();
    }

    private async Task<bool> TrySaveAsync(ConnectionSnapshot rotated)
    {
        var id = rotated.Connection.Id;
        var grant = rotated.Grant!;
        try
        {
            if (await grants.CommitAsync(id, grant.Origin!, grant.Pair, grant.AfterRejection) is { } generation)
            {
                Log.Saved(logger, id, generation);
            }
            else
            {
                metrics.CommitConflicts.Inc();
                Log.Superseded(logger, id);
            }

            // Whatever is newer now is what this replica goes on with.
            await connections.ReadAsync(id);
            return true;
        }
        catch (Exception exception)
        {
            // Whatever it is, giving up would lose the only copy of the pair.
            Log.NotSaved(logger, id, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Id} was rotated and the store does not take the new pair: it is held in this process, served from here, and tried again.")]
        public static partial void NotSaved(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Information, "The store has taken {Id} at generation {Generation}.")]
        public static partial void Saved(ILogger logger, ConnectionId id, long generation);

        [LoggerMessage(LogLevel.Warning, "{Id} was rotated elsewhere before the store could take this replica's pair: the newer one is adopted.")]
        public static partial void Superseded(ILogger logger, ConnectionId id);

        [LoggerMessage(LogLevel.Critical, "The process ends before the store has taken {Id} at generation {Generation}. Start a replica within minutes: Atlassian takes the spent token for a while.")]
        public static partial void Abandoned(ILogger logger, ConnectionId id, long generation);
    }
}
