namespace ConfluenceGateway.Connections;

/// <summary>A moment at which Atlassian ends a grant by itself, and what is told before it comes.</summary>
/// <param name="Forecast"><c>inactivity</c> or <c>consent</c>.</param>
/// <param name="SinceField">The field of the grant's record that it counts from.</param>
/// <param name="Since">What that field holds.</param>
/// <param name="At">The moment.</param>
internal sealed record Expiry(string Forecast, string SinceField, DateTimeOffset Since, DateTimeOffset At)
{
    // Days before the end at which it is told, the most urgent last.
    private static readonly int[] Milestones = [30, 7, 1];

    /// <summary>Both ends of <paramref name="grant"/>.</summary>
    public static IReadOnlyList<Expiry> Of(Grant grant) =>
    [
        new("inactivity", "obtained_at", grant.Pair.ObtainedAt, grant.InactiveAt),
        new("consent", "consented_at", grant.ConsentedAt, grant.ConsentExpiresAt),
    ];

    /// <summary>The most urgent milestone that has come, in days before the end; null when none has.</summary>
    public int? Reached(DateTimeOffset now) => Milestones.Where(days => Moment(days) <= now).Select(days => (int?)days).LastOrDefault();

    /// <summary>When the next milestone comes; null after the last.</summary>
    public DateTimeOffset? Next(DateTimeOffset now) => Milestones.Select(Moment).Where(moment => moment > now).Select(moment => (DateTimeOffset?)moment).FirstOrDefault();

    private DateTimeOffset Moment(int days) => At - TimeSpan.FromDays(days);
}
