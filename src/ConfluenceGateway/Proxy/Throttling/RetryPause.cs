using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Proxy.Throttling;

/// <summary>How long a throttled request rests before it is sent again, within <c>Throttling:WaitBudget</c>.</summary>
internal sealed class RetryPause(IOptions<ThrottlingOptions> options, Random random)
{
    // Retry-After: 0 has been seen, and clients that took it at its word spun.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    // 2^9 seconds are more than any budget.
    private const int MostDoublings = 9;

    /// <summary>The next pause: what the answer asks for, else a second and twice as long each time, and up to a fifth more.</summary>
    /// <param name="throttle">The answer.</param>
    /// <param name="attempt">How often the request was sent, from 1.</param>
    /// <param name="waited">How long it has rested so far.</param>
    /// <returns>The pause, at least a second; null when the answer is the caller's to see.</returns>
    public TimeSpan? Next(Throttle throttle, int attempt, TimeSpan waited)
    {
        if (throttle is { Reason: Throttle.Unavailable, RetryAfter: null })
        {
            return null;
        }

        var asked = throttle.RetryAfter ?? Shortest * Math.Pow(2, Math.Clamp(attempt - 1, 0, MostDoublings));
        var least = asked > Shortest ? asked : Shortest;
        var left = options.Value.WaitBudget - waited;
        if (least > left)
        {
            return null;
        }

        // Many requests are throttled at once, and should not all come again at once.
        var spread = least * (1 + random.NextDouble() / 5);
        return spread < left ? spread : left;
    }
}
