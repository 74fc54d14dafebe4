using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>A line of a connection's history: an event, or a refresh that ended.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">The badge's colour.</param>
/// <param name="What">What it was, in a few words.</param>
/// <param name="Detail">What is known of it.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Replica">Which replica noticed.</param>
public sealed record Happening(DateTimeOffset At, string Kind, string What, string Detail, long? DurationMs, string? Replica)
{
    /// <summary>Events and refreshes as one history, the newest first.</summary>
    internal static IReadOnlyList<Happening> Of(IEnumerable<ConnectionEvent> events, IEnumerable<Rotation> rotations) =>
        [.. events.Select(Of).Concat(rotations.Select(Of)).OrderByDescending(happening => happening.At)];

    private static Happening Of(ConnectionEvent told)
    {
        var (kind, what) = told.Type switch
        {
            ConnectionEvents.Connected => ("good", "connected"),
            ConnectionEvents.Recovered => ("good", "recovered"),
            ConnectionEvents.ReauthRequired => ("bad", "grant died"),
            ConnectionEvents.Expiring => ("warn", "will end"),
            ConnectionEvents.Paused => ("warn", "paused"),
            ConnectionEvents.Resumed => ("info", "resumed"),
            _ => ("", told.Type),
        };
        var detail = told.Type switch
        {
            ConnectionEvents.ReauthRequired when told.Data?["reason"]?.GetValue<string>() is { } reason => Explanation.Short(GrantRecord.Reason(reason)),
            ConnectionEvents.Expiring => $"in {told.Data?["days"]} days, by {told.Data?["forecast"]}",
            _ => "",
        };
        return new Happening(told.At, kind, what, detail, null, told.Replica);
    }

    private static Happening Of(Rotation rotation)
    {
        var (kind, what) = rotation.Outcome switch
        {
            "rotated" => ("good", "refreshed"),
            "adopted" => ("", "refreshed elsewhere"),
            "reauth_required" => ("bad", "refused"),
            var outcome => ("warn", outcome.Replace('_', ' ')),
        };
        var why = rotation.Trigger switch
        {
            "expired" => "the token had expired",
            "ahead" => "before it expired",
            "rejected" => "Atlassian rejected the token",
            "operator" => "an operator asked",
            "keep_alive" => "nobody had for long",
            "recovery" => "an earlier one had no answer",
            var trigger => trigger,
        };
        return new Happening(
            rotation.At, kind, what, string.Join(": ", new[] { rotation.Generation is { } generation ? $"generation {generation}, {why}" : why, rotation.Evidence }.OfType<string>()),
            rotation.DurationMs, rotation.Replica);
    }
}
