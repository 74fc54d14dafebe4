using ConfluenceGateway.Simulation.Model;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Simulation.Faults;

/// <summary>Everything a seed decides before the run begins. What goes wrong stays within what can be survived; why, is said beside it.</summary>
/// <param name="Replicas">How many, from 2 to 5.</param>
/// <param name="Connections">How many, 1 or 2.</param>
/// <param name="Habits">What the token endpoint is like.</param>
/// <param name="Options">The replicas' settings.</param>
/// <param name="Skew">How far the replicas' clocks are apart at most.</param>
/// <param name="StoreFlakiness">How likely one request to the store, or a notice, goes wrong.</param>
/// <param name="EndpointFlakiness">How likely one exchange goes wrong.</param>
/// <param name="Faults">What else happens, and when.</param>
/// <param name="End">When faults stop.</param>
internal sealed record Plan(
    int Replicas, int Connections, EndpointHabits Habits, RefreshOptions Options, TimeSpan Skew, double StoreFlakiness, double EndpointFlakiness,
    IReadOnlyList<Fault> Faults, TimeSpan End)
{
    /// <summary>Whether nothing goes wrong at all.</summary>
    public bool IsCalm => Faults.All(fault => fault.What == FaultKind.RejectToken) && StoreFlakiness == 0 && EndpointFlakiness == 0;

    // Spent tokens stay good for this long, so a run's troubles are over by then, or nothing could help.
    private static readonly TimeSpan ReuseInterval = TimeSpan.FromMinutes(10);

    /// <summary>Draws a plan.</summary>
    public static Plan Draw(Random random)
    {
        // The harshest rule most often.
        var rule = random.Pick(ReuseRule.Siblings, ReuseRule.SameSuccessor, ReuseRule.LatestOnly, ReuseRule.LatestOnly);
        var weather = random.Next(10);
        var habits = new EndpointHabits(rule, random.Between(8 * 60, 20 * 60), random.Pick(0, 0, 0.1), Mishaps(rule));
        var options = new RefreshOptions
        {
            ExchangeTimeout = random.Between(10, 30),
            WaitBudget = random.Between(15, 45),
            ReuseInterval = ReuseInterval,
        };
        var plan = new Plan(
            random.Next(2, 6), random.Pick(1, 1, 2), habits, options, random.Pick(TimeSpan.Zero, random.Between(0, 2)), StoreFlakiness: 0, EndpointFlakiness: 0, [], random.Between(120, 360));
        return weather switch
        {
            0 => plan with { Faults = Some(random, 0, 2, plan.End, FaultKind.RejectToken) },
            // The store is away for longer than a spent token lives: whoever holds its successor must keep it. Were that one
            // killed, or an answer of the endpoint lost, nobody could mend it in time.
            1 => plan with { Faults = [LongOutage(random, plan.End), .. Some(random, 0, 2, plan.End, FaultKind.RejectToken)], End = plan.End + TimeSpan.FromMinutes(20) },
            // The store comes back from an old copy, in which tokens stand that were spent too long ago to be sent again. Some
            // replica that lives must hold what came after.
            2 => plan with { Faults = [OldCopy(random), .. Some(random, 0, 2, plan.End, FaultKind.RejectToken)], End = plan.End + TimeSpan.FromMinutes(22) },
            _ => plan with
            {
                StoreFlakiness = random.Pick(0, 0, 0.01, 0.05),
                EndpointFlakiness = random.Pick(0, 0.1, 0.5),
                Faults = Survivable(rule, Some(random, 0, 6, plan.End, Any)),
            },
        };
    }

    private static readonly FaultKind[] Any =
    [
        FaultKind.Crash, FaultKind.Crash, FaultKind.Crash, FaultKind.Pause, FaultKind.Pause, FaultKind.Pause, FaultKind.Outage, FaultKind.RollBack,
        FaultKind.Misconfigure, FaultKind.RejectToken, FaultKind.Revoke, FaultKind.RevokeAndConsent,
    ];

    // Between intent and commit most can go wrong.
    private static readonly string[] Doings = ["read", "lock", "begin", "exchange", "exchange", "exchange", "commit", "end", "mark dead", "restore", "unlock"];

    // Where only the latest pair works, a request that arrives after its sender gave up kills a pair that is in use: nobody
    // could know the one that replaced it.
    private static Mishap[] Mishaps(ReuseRule rule) =>
        [.. Enum.GetValues<Mishap>().Where(mishap => mishap != Mishap.None && (mishap != Mishap.BrokenAndLate || rule != ReuseRule.LatestOnly))];

    private static Fault LongOutage(Random random, TimeSpan end) =>
        new(FaultKind.Outage, random.Between(0, end.TotalSeconds), random.Pick<Moment?>(null, new Moment("exchange", random.Pick(Stage.Asked, Stage.Done), 1)), random.Between(11 * 60, 18 * 60));

    private static Fault OldCopy(Random random) => new(FaultKind.RollBack, random.Between(12 * 60, 20 * 60), null, random.Between(11 * 60, 18 * 60));

    // Where only the latest pair works, a store that loses the note of an exchange whose sender died leaves nobody who knows that
    // an earlier pair is void.
    private static Fault[] Survivable(ReuseRule rule, Fault[] faults) =>
        rule == ReuseRule.LatestOnly && faults.Any(fault => fault.What == FaultKind.RollBack) ? [.. faults.Where(fault => fault.What != FaultKind.Crash)] : faults;

    private static Fault[] Some(Random random, int from, int to, TimeSpan end, params FaultKind[] kinds)
    {
        var faults = new Fault[random.Next(from, to + 1)];
        for (var at = 0; at < faults.Length; at++)
        {
            var kind = random.Pick<FaultKind>(kinds);
            // Most crashes and pauses hit a certain moment of the protocol, since most of the time nothing is under way.
            var moment = random.Happens(0.7) && kind != FaultKind.RejectToken
                ? new Moment(random.Pick<string>(Doings), random.Pick(Stage.Asked, Stage.Done, Stage.Answered), random.Next(1, 4))
                : null;
            faults[at] = new Fault(kind, random.Between(0, end.TotalSeconds), moment, Duration(random, kind));
        }

        return faults;
    }

    private static TimeSpan Duration(Random random, FaultKind kind) => kind switch
    {
        FaultKind.Crash => random.Between(0.5, 60),
        // Beyond the life of a lock and an intent.
        FaultKind.Pause => random.Pick(random.Between(0.01, 2), random.Between(2, 90)),
        FaultKind.Outage => random.Pick(random.Between(0.1, 5), random.Between(5, 90)),
        FaultKind.RollBack => random.Pick(random.Between(0.01, 2), random.Between(2, 90)),
        FaultKind.Misconfigure => random.Between(1, 90),
        FaultKind.RevokeAndConsent => random.Pick(random.Between(0, 1), random.Between(1, 60)),
        _ => TimeSpan.Zero,
    };
}

/// <summary>Something that goes wrong once.</summary>
/// <param name="What">What.</param>
/// <param name="At">Not before this time.</param>
/// <param name="On">The moment it waits for; null when it comes at its time.</param>
/// <param name="Lasts">How long, for kinds that last: until a restart, until going on; for a rollback how much is lost.</param>
internal sealed record Fault(FaultKind What, TimeSpan At, Moment? On, TimeSpan Lasts);

/// <summary>A moment in the protocol of some replica.</summary>
/// <param name="Doing">What is asked of the store, the locks or the endpoint.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Nth">The how-manieth time, from 1.</param>
internal sealed record Moment(string Doing, Stage Stage, int Nth);

/// <summary>What can go wrong.</summary>
internal enum FaultKind
{
    /// <summary>A replica dies, and another starts in its place.</summary>
    Crash,

    /// <summary>A replica stops and goes on.</summary>
    Pause,

    /// <summary>The store answers nobody.</summary>
    Outage,

    /// <summary>The store fails over and lacks its last writes.</summary>
    RollBack,

    /// <summary>The token endpoint refuses the app.</summary>
    Misconfigure,

    /// <summary>The upstream rejects an access token before its time.</summary>
    RejectToken,

    /// <summary>A person takes the consent back.</summary>
    Revoke,

    /// <summary>The same, and consents again.</summary>
    RevokeAndConsent,
}
