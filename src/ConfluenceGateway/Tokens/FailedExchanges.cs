using ConfluenceGateway.Connections;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Tokens;

/// <summary>R10 and R12: what is noted of an exchange that brought nothing, and how long everybody rests after it.</summary>
internal sealed partial class FailedExchanges(
    IGrantStore grants, IOptions<RefreshOptions> options, TimeProvider time, Random random, ILogger<FailedExchanges> logger)
{
    /// <summary>R12: after a failure every replica rests.</summary>
    /// <returns>How long.</returns>
    public async Task<TimeSpan> RestAsync(ConnectionSnapshot snapshot, Intent intent, bool sent, TimeSpan? asked)
    {
        var failures = (snapshot.Grant!.Rest?.Failures ?? 0) + 1;
        var pause = BackOff.Pause(failures, asked, random.NextDouble());
        if ((sent || intent.UnansweredSince is not null) && pause > options.Value.ReuseInterval / 4)
        {
            // However long the endpoint asked to wait: sent again much later, a spent token is refused.
            pause = options.Value.ReuseInterval / 4;
        }

        await EndAsync(snapshot, intent, sent, failures, pause);
        return pause;
    }

    /// <summary>
    /// R10: the exchange brought nothing. A token that was certainly not spent loses its intent. One that may be spent keeps the
    /// mark, and is sent again within the reuse interval.
    /// </summary>
    public async Task EndAsync(ConnectionSnapshot snapshot, Intent intent, bool sent, int failures, TimeSpan pause)
    {
        var now = time.GetUtcNow();
        var ended = intent with { Deadline = now, UnansweredSince = intent.UnansweredSince ?? (sent ? intent.StartedAt : null) };
        try
        {
            await grants.EndAsync(snapshot.Connection.Id, snapshot.Grant!.Pair.RefreshToken, ended, new Rest(failures, now + pause));
        }
        catch (StoreUnavailableException exception)
        {
            // The intent stays as it is: a mark that is too careful costs nothing but time.
            Log.NotEnded(logger, snapshot.Connection.Id, exception.InnerException!);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The failed exchange of {Id} could not be noted.")]
        public static partial void NotEnded(ILogger logger, ConnectionId id, Exception exception);
    }
}
