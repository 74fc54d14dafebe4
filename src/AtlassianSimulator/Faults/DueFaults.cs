using System.Collections.ObjectModel;

namespace AtlassianSimulator.Faults;

/// <summary>The faults that strike one request.</summary>
internal sealed record DueFaults(IReadOnlyList<Fault> Faults)
{
    public static DueFaults None { get; } = new([]);

    /// <summary>The one fault that decides how the request is answered, if any.</summary>
    public Fault? Answer => Faults.FirstOrDefault(fault => DecidesAnswer(fault.Kind));

    public bool OmitRefreshToken => Faults.Any(fault => fault.Kind == FaultKind.OmitRefreshToken);

    public TimeSpan? AccessTokenDiesAfter =>
        Faults.FirstOrDefault(fault => fault.Kind == FaultKind.AccessTokenDiesEarly) is { } fault ? fault.After ?? TimeSpan.Zero : null;

    public IEnumerable<KeyValuePair<string, string>> Headers => Faults.SelectMany(fault => fault.Headers ?? ReadOnlyDictionary<string, string>.Empty);

    public IEnumerable<TimeSpan> Delays(FaultPhase phase) =>
        Faults.Where(fault => fault.Kind == FaultKind.Delay && fault.Phase == phase).Select(fault => fault.Duration ?? TimeSpan.Zero);

    /// <summary>Whether faults of this kind exclude each other.</summary>
    public static bool DecidesAnswer(FaultKind kind) =>
        kind is not (FaultKind.Delay or FaultKind.AccessTokenDiesEarly or FaultKind.OmitRefreshToken or FaultKind.AddHeaders);
}
