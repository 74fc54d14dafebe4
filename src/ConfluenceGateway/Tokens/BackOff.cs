namespace ConfluenceGateway.Tokens;

/// <summary>R12: how long a connection rests after failed exchanges, so that traffic cannot hammer a broken token endpoint.</summary>
internal static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The rest after the <paramref name="failures"/>th failure in a row.</summary>
    /// <param name="failures">From 1.</param>
    /// <param name="asked">How long the endpoint asked to wait; null when it did not.</param>
    /// <param name="chance">From 0 to 1: the jitter.</param>
    /// <returns>What the endpoint asked for, or up to twice as long as the last time, at most a minute.</returns>
    public static TimeSpan Pause(int failures, TimeSpan? asked, double chance)
    {
        var ceiling = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, failures - 1));
        return asked is { } wait && wait.TotalSeconds > ceiling ? wait : TimeSpan.FromSeconds(ceiling * (0.5 + chance / 2));
    }
}
