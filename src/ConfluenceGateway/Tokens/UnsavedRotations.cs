using System.Collections.Concurrent;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ConfluenceGateway.Tokens;

/// <summary>
/// R8: pairs that were exchanged and that the store did not take. Each is the only copy there is: it serves from here, is
/// written to the journal, and is offered to the store for as long as the process lives. Shutdown waits for it. What an
/// earlier process left in the journal is offered in the same way.
/// </summary>
internal sealed partial class UnsavedRotations(
    ConnectionCache connections, IGrantStore grants, RotationJournal journal, ReuseInterval reuse, GatewayMetrics metrics, TimeProvider time,
    ILogger<UnsavedRotations> logger) : IHostedService, IHealthCheck
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // A disk that hangs must not hang the callers, who can be served.
    private static readonly TimeSpan JournalPatience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Held, Task> _saving = new();

    /// <summary>Serves <paramref name="rotated"/> from here, and stores it once the store takes it. Ends when the journal has it or refused it, after 5 seconds at most.</summary>
    /// <param name="rotated">The connection with its new pair, at the generation it will most likely have.</param>
    public async Task KeepAsync(ConnectionSnapshot rotated)
    {
        connections.Put(rotated);
        var grant = rotated.Grant!;
        var rotation = new UnsavedRotation(rotated.Connection.Id, grant.Origin!, grant.Pair, grant.AfterRejection);
        var written = journal.WriteAsync(rotation);
        Hold(new Held(rotation.Id, rotation, written));
        await Task.WhenAny(written, Task.Delay(JournalPatience, time));
    }

    /// <summary>Begins to replay the journal. Start-up does not wait for it: store and key ring may be out of reach.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var file in journal.Open())
        {
            Hold(new Held(file.Id, null, Task.FromResult<JournalFile?>(file)));
        }

        return Task.CompletedTask;
    }

    /// <summary>Waits until the store has them all; what is not in the journal a killed process loses, unless the token is sent again in time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_saving.Values).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var held in _saving.Keys)
            {
                if (await held.FileAsync() is { } file)
                {
                    Log.LeftInJournal(logger, held.Id, file.Path);
                }
                else
                {
                    Log.Abandoned(logger, held.Id);
                }
            }
        }
    }

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (ids, onlyHere) = (new SortedSet<string>(StringComparer.Ordinal), false);
        foreach (var held in _saving.Keys)
        {
            ids.Add(held.Id.Value);
            onlyHere |= await held.FileAsync() is null;
        }

        return ids.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(
                onlyHere
                    ? "Rotated tokens that the store has not taken yet are held in this process only. Do not kill it; mend the store."
                    : "Rotated tokens that the store has not taken yet are in the journal. Keep Refresh:JournalDirectory; mend the store.",
                data: new Dictionary<string, object> { ["connections"] = ids });
    }

    private void Hold(Held held)
    {
        metrics.UnsavedRotations.Inc();
        // Registered before it runs, so that it cannot end unseen.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _saving[held] = SaveAsync(held, begin.Task);
        begin.SetResult();
    }

    private async Task SaveAsync(Held held, Task begin)
    {
        await begin;
        for (var pause = FirstPause; !await TrySaveAsync(held); pause = pause < LongestPause ? pause * 2 : pause)
        {
            await Task.Delay(pause, time);
            if (held.Written.IsCompleted && await held.Written is null)
            {
                // A disk that was full may have room again.
                held.Written = journal.WriteAsync(held.Rotation!);
            }
        }

        if (await held.Written is { } file)
        {
            journal.Remove(file);
        }

        _saving.TryRemove(held, out _);
        metrics.UnsavedRotations.Dec();
    }

    /// <summary>Offers a rotation to the store.</summary>
    /// <returns>Whether it is settled: stored, overtaken, or not to be read from the journal.</returns>
    private async Task<bool> TrySaveAsync(Held held)
    {
        var id = held.Id;
        try
        {
            held.Rotation ??= journal.Read((await held.Written)!);
            if (held.Rotation is not { } rotation)
            {
                return true;
            }

            // The note of the exchange may be gone by now. It is not needed: what is compared is the spent token.
            if (await grants.CommitAsync(id, rotation.Exchange, rotation.Pair, rotation.AfterRejection, reuse.LeavesTimeAfter(rotation.Exchange, time.GetUtcNow())) is { } generation)
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

    /// <summary>A rotation on its way to the store.</summary>
    private sealed class Held(ConnectionId id, UnsavedRotation? rotation, Task<JournalFile?> written)
    {
        public ConnectionId Id { get; } = id;

        /// <summary>Null until it is read from the journal.</summary>
        public UnsavedRotation? Rotation { get; set; } = rotation;

        /// <summary>Its file in the journal; null when there is none.</summary>
        public Task<JournalFile?> Written { get; set; } = written;

        /// <summary>Its file, if there is one by now.</summary>
        public async Task<JournalFile?> FileAsync() => Written is { IsCompleted: true } written ? await written : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Id} was rotated and the store does not take the new pair: it is held, and tried again.")]
        public static partial void NotSaved(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Information, "The store has taken {Id} at generation {Generation}.")]
        public static partial void Saved(ILogger logger, ConnectionId id, long generation);

        [LoggerMessage(LogLevel.Warning, "{Id} was rotated elsewhere before the store could take the pair held here: the newer one is adopted.")]
        public static partial void Superseded(ILogger logger, ConnectionId id);

        [LoggerMessage(LogLevel.Critical, "The process ends before the store has taken the new pair of {Id}. Start a replica within minutes: Atlassian takes the spent token for a while.")]
        public static partial void Abandoned(ILogger logger, ConnectionId id);

        [LoggerMessage(LogLevel.Warning, "The process ends before the store has taken the new pair of {Id}. It is in the journal, in {Path}: the next gateway that starts with this Refresh:JournalDirectory stores it.")]
        public static partial void LeftInJournal(ILogger logger, ConnectionId id, string path);
    }
}

/// <summary>A pair that was exchanged, with all that its commit needs.</summary>
/// <param name="Id">The connection.</param>
/// <param name="Exchange">The exchange that gave it.</param>
/// <param name="Pair">The pair.</param>
/// <param name="AfterRejection">Whether it was fetched because the upstream rejected the one before.</param>
internal sealed record UnsavedRotation(ConnectionId Id, Exchange Exchange, TokenPair Pair, bool AfterRejection);
