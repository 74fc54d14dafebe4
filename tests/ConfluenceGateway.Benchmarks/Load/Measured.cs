using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks.Load;

/// <summary>What one contender did in one turn.</summary>
/// <param name="MicrosecondsPerRequest">CPU time of its process for a request.</param>
/// <param name="RequestsPerSecond">With the load generator and the upstream on the same machine.</param>
/// <param name="P50">In milliseconds.</param>
/// <param name="P99">In milliseconds.</param>
internal sealed record Turn(double MicrosecondsPerRequest, double RequestsPerSecond, double P50, double P99);

/// <summary>What was measured of a cell: turn by turn, in which everybody had the same number of turns, one after the other.</summary>
internal sealed record Measured(Cell Cell, IReadOnlyDictionary<string, IReadOnlyList<Turn>> Turns)
{
    public Spread Cpu(string contender) => Spread.Of(Turns[contender].Select(turn => turn.MicrosecondsPerRequest));

    public Spread Rate(string contender) => Spread.Of(Turns[contender].Select(turn => turn.RequestsPerSecond));

    public Spread P99(string contender) => Spread.Of(Turns[contender].Select(turn => turn.P99));

    /// <summary>The gateway's CPU time for a request beside that of a reference in the same turn; null when the reference does not take part.</summary>
    public Spread? Ratio(string reference) => Turns.TryGetValue(reference, out var turns)
        ? Spread.Of(Turns[Contender.Gateway].Zip(turns, (ours, its) => ours.MicrosecondsPerRequest / its.MicrosecondsPerRequest))
        : null;
}
