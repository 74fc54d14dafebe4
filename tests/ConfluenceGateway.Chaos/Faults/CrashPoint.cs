using Microsoft.Extensions.Configuration;

namespace ConfluenceGateway.Chaos.Faults;

/// <summary>What a dead replica has left in the store.</summary>
internal enum Left
{
    Nothing,
    Intent,
    NewPair,
    Death,
}

/// <summary>A moment of the refresh protocol at which a replica dies.</summary>
/// <param name="Connection">The connection whose refresh ends there.</param>
/// <param name="Moment">Just before or after a step, in it when it is open for long.</param>
/// <param name="Sent">How often its token has been sent by then.</param>
/// <param name="Left">What is in the store then.</param>
internal sealed record CrashPoint(string Connection, string Moment, long Sent, Left Left)
{
    private const string Section = "Crash";

    /// <summary>Most connections are called after their moment.</summary>
    private CrashPoint(string moment, long sent, Left left)
        : this(moment, moment, sent, left)
    {
    }

    /// <summary>Of grants that live. One is refused in error, and whoever sends its token again wins.</summary>
    public static IReadOnlyList<CrashPoint> OfLivingGrants { get; } = Chosen(
        new("after-r1", 0, Left.Nothing),
        new("after-r2", 0, Left.Nothing),
        new("after-r3", 0, Left.Nothing),
        new("after-r4", 0, Left.Nothing),
        new("before-r5", 0, Left.Nothing),
        new("after-r5", 0, Left.Intent),
        new("before-r6", 0, Left.Intent),
        new("in-r6", 1, Left.Intent),
        new("after-r6", 1, Left.Intent),
        new("before-r7", 1, Left.Intent),
        new("before-r8", 1, Left.Intent),
        new("after-r8", 1, Left.NewPair),
        new("refused", "before-r9", 1, Left.Intent));

    /// <summary>Of grants that have ended.</summary>
    public static IReadOnlyList<CrashPoint> OfDeadGrants { get; } = Chosen(
        new("before-r9", 1, Left.Intent),
        new("after-r9", 1, Left.Death));

    /// <summary>What a replica is told, to die once the refreshes of all these have come to their points.</summary>
    public static string[] Settings(IEnumerable<CrashPoint> points) => [.. points.Select(point => $"--{Section}:{point.Connection}={point.Moment}")];

    /// <summary>What it was told, by connection.</summary>
    public static IReadOnlyDictionary<string, string> Read(IConfiguration settings) =>
        settings.GetSection(Section).GetChildren().ToDictionary(point => point.Key, point => point.Value!, StringComparer.Ordinal);

    /// <summary>What it writes when a refresh has come to its point.</summary>
    public static string Line(string connection, string moment) => $"crash point of {connection}: {moment}";

    // One alone can be asked for, to look at it.
    private static CrashPoint[] Chosen(params CrashPoint[] points) => Environment.GetEnvironmentVariable("CHAOS_CRASH_POINT") is { Length: > 0 } one
        ? [.. points.Where(point => point.Connection == one)]
        : points;
}
