namespace ConfluenceGateway.Webhooks;

/// <summary>When a failed delivery is tried again: the schedule of the Standard Webhooks specification, over three days.</summary>
internal static class DeliverySchedule
{
    /// <summary>The longest that a receiver may ask to wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(24);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The pause after the <paramref name="attempts"/>th attempt failed.</summary>
    /// <param name="attempts">From 1.</param>
    /// <param name="asked">How long the receiver asked to wait; null when it did not.</param>
    /// <param name="chance">From 0 to 1: the jitter, up to a tenth more, so that receivers that come back are not met by all at once.</param>
    /// <returns>The pause; null when it was the last attempt.</returns>
    public static TimeSpan? Pause(int attempts, TimeSpan? asked, double chance)
    {
        if (attempts > Pauses.Length)
        {
            return null;
        }

        var least = asked > LongestWait ? LongestWait : asked ?? TimeSpan.Zero;
        var usual = Pauses[attempts - 1];
        return (least > usual ? least : usual) * (1 + chance / 10);
    }
}
