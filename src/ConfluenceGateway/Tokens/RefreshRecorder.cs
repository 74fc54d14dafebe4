using System.Threading.Channels;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tokens;

/// <summary>Writes every flight that ended into the history, behind the flights: none of them waits for it.</summary>
internal sealed class RefreshRecorder(RefreshFlights flights, RotationHistory history) : BackgroundService
{
    // A history is for people. When the store is slower than the flights, it has gaps.
    private const int Capacity = 1_000;

    private readonly Channel<EndedFlight> _ended = Channel.CreateBounded<EndedFlight>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        flights.Ended += Note;
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        flights.Ended -= Note;
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (id, trigger, result, took) in _ended.Reader.ReadAllAsync(stoppingToken))
        {
            var generation = (result as RefreshResult.Settled)?.Snapshot?.Grant?.Generation;
            var evidence = result is not RefreshResult.Failed failed ? null
                : failed.Outcome switch
                {
                    TokenOutcome.Unavailable unavailable => unavailable.Evidence,
                    TokenOutcome.Misconfigured misconfigured => misconfigured.Evidence,
                    _ => null,
                };
            await history.NoteAsync(id, trigger, result.Name, generation, evidence, took);
        }
    }

    private void Note(EndedFlight flight) => _ended.Writer.TryWrite(flight);
}
