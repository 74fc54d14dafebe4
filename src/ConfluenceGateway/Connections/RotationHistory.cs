using System.Text.Json;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>
/// How refreshes ended, for people who look: the newest of each connection, and how many a minute of all. It is written behind
/// a refresh, and nothing depends on it.
/// </summary>
internal sealed partial class RotationHistory(RedisConnection redis, RedisKeys keys, ReplicaId replica, TimeProvider time, ILogger<RotationHistory> logger)
{
    /// <summary>How many are kept of a connection.</summary>
    public const int Kept = 50;

    private static readonly TimeSpan MinuteLife = TimeSpan.FromHours(2);

    /// <summary>Notes a refresh that ended.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="trigger">What started it, as a metric's label.</param>
    /// <param name="outcome">How it ended, as a metric's label.</param>
    /// <param name="generation">The generation that is stored now; null when that is not known.</param>
    /// <param name="evidence">What was seen when it failed; never a token.</param>
    /// <param name="took">How long it took, the wait for the lock included.</param>
    public async Task NoteAsync(ConnectionId id, string trigger, string outcome, long? generation, string? evidence, TimeSpan took)
    {
        try
        {
            var now = time.GetUtcNow();
            var entry = JsonSerializer.Serialize(
                new Rotation(now, trigger, outcome, generation, evidence, (long)took.TotalMilliseconds, replica.Value), JsonSerializerOptions.Web);
            var minute = keys.Refreshes(Minute(now));
            await Task.WhenAll(
                redis.Database.ScriptEvaluateAsync(NoteScript, [keys.Connection(id.Value), keys.Rotations(id.Value)], [entry, Kept - 1]),
                redis.Database.HashIncrementAsync(minute, outcome),
                redis.Database.KeyExpireAsync(minute, MinuteLife));
        }
        catch (Exception exception) when (RedisConnection.IsUnavailable(exception))
        {
            Log.NotNoted(logger, id, exception);
        }
    }

    // A connection that was deleted meanwhile leaves nothing behind.
    private const string NoteScript = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return end
        redis.call('LPUSH', KEYS[2], ARGV[1])
        redis.call('LTRIM', KEYS[2], 0, ARGV[2])
        """;

    /// <summary>The newest refreshes of a connection, the newest first.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="limit">How many at most, from 1 to <see cref="Kept"/>.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<IReadOnlyList<Rotation>> ListAsync(ConnectionId id, int limit) => StoreUnavailableException.GuardAsync<IReadOnlyList<Rotation>>(async () =>
    [
        .. (await redis.Database.ListRangeAsync(keys.Rotations(id.Value), 0, limit - 1))
            .Select(entry => JsonSerializer.Deserialize<Rotation>(entry.ToString(), JsonSerializerOptions.Web)!),
    ]);

    /// <summary>How many refreshes ended how in the hour that ends now, by outcome; on all replicas together.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<IReadOnlyDictionary<string, long>> LastHourAsync() => StoreUnavailableException.GuardAsync<IReadOnlyDictionary<string, long>>(async () =>
    {
        var minute = Minute(time.GetUtcNow());
        var hours = await Task.WhenAll(Enumerable.Range(0, 60).Select(back => redis.Database.HashGetAllAsync(keys.Refreshes(minute.AddMinutes(-back)))));
        return hours.SelectMany(entries => entries).GroupBy(entry => entry.Name.ToString(), entry => (long)entry.Value).ToDictionary(counts => counts.Key, counts => counts.Sum());
    });

    private static DateTimeOffset Minute(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / 60 * 60);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "How a refresh of {Id} ended is not in its history.")]
        public static partial void NotNoted(ILogger logger, ConnectionId id, Exception exception);
    }
}

/// <summary>A refresh that ended.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Trigger">What started it: <c>expired</c>, <c>ahead</c>, <c>rejected</c>, <c>operator</c>, <c>keep_alive</c> or <c>recovery</c>.</param>
/// <param name="Outcome">How it ended, such as <c>rotated</c>, <c>adopted</c>, <c>reauth_required</c> or <c>ambiguous</c>.</param>
/// <param name="Generation">The generation that was stored then; absent when it failed.</param>
/// <param name="Evidence">What was seen when it failed.</param>
/// <param name="DurationMs">How long it took, in milliseconds, the wait for the lock included.</param>
/// <param name="Replica">Which replica did it.</param>
internal sealed record Rotation(DateTimeOffset At, string Trigger, string Outcome, long? Generation, string? Evidence, long DurationMs, string Replica);
