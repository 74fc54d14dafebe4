using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Faults;

/// <summary>Something that was done to the cluster, and how far it reaches.</summary>
/// <param name="name">What was done.</param>
/// <param name="began">When, on the log's clock.</param>
/// <param name="reach">How long after its end it may still keep a replica from having a token.</param>
/// <param name="replica">The replica that does not answer meanwhile; null when all do.</param>
internal sealed class InjectedFault(string name, TimeSpan began, TimeSpan reach, Replica? replica)
{
    // A connection that was cut just before a replica came back is seen just after.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(1);

    public string Name => name;

    /// <summary>When it was over; null while it lasts.</summary>
    public TimeSpan? Ended { get; set; }

    /// <summary>Whether it can be why <paramref name="asked"/> was not answered, by a request that lasted from one time to the other.</summary>
    public bool ExplainsSilence(Replica asked, TimeSpan from, TimeSpan to) => replica == asked && Overlaps(from, to, Notice);

    /// <summary>Whether it can be why a replica had no token.</summary>
    public bool ExplainsNoToken(TimeSpan from, TimeSpan to) => Overlaps(from, to, reach);

    private bool Overlaps(TimeSpan from, TimeSpan to, TimeSpan after) => to >= began && (Ended is not { } ended || from <= ended + after);
}
