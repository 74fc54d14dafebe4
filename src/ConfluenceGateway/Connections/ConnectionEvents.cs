using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>What happened to a connection, newest first, in a capped list beside its records.</summary>
internal sealed class ConnectionEvents(RedisConnection redis, RedisKeys keys, ReplicaId replica)
{
    /// <summary>A grant came where there was none.</summary>
    public const string Connected = "connection.connected";

    /// <summary>Somebody consented again after the grant had died, or the death turned out to be none.</summary>
    public const string Recovered = "connection.recovered";

    /// <summary>The grant is dead: a person must consent again.</summary>
    public const string ReauthRequired = "connection.reauth_required";

    /// <summary>Atlassian will end the grant.</summary>
    public const string Expiring = "connection.expiring";

    /// <summary>An operator stopped the connection's traffic.</summary>
    public const string Paused = "connection.paused";

    /// <summary>An operator let the connection's traffic flow again.</summary>
    public const string Resumed = "connection.resumed";

    /// <summary>An operator deleted the connection with its grant.</summary>
    public const string Deleted = "connection.deleted";

    /// <summary>The token endpoint refuses the app itself.</summary>
    public const string Misconfigured = "app.misconfigured";

    /// <summary>The token endpoint accepts the app again.</summary>
    public const string AppRecovered = "app.recovered";

    /// <summary>The subject of what happens to the app; no connection can have it for its id.</summary>
    public const string App = "@app";

    /// <summary>
    /// For scripts over a subject's keys, of which the events are the third and the outbox the fourth: <c>tell(event)</c> keeps it
    /// with the newest 200 and for the relay.
    /// </summary>
    public const string Tell = """
        local function tell(event)
          redis.call('LPUSH', KEYS[3], event)
          redis.call('LTRIM', KEYS[3], 0, 199)
          redis.call('RPUSH', KEYS[4], event)
        end
        """;

    /// <summary>A script of this replica may have told events of this subject.</summary>
    public event Action<string>? Told;

    /// <summary>An event as it is stored.</summary>
    public RedisValue Entry(string type, DateTimeOffset at, JsonObject? data = null) =>
        JsonSerializer.Serialize(new ConnectionEvent(TimeOrderedId.New("evt_", at), type, at, replica.Value, data), JsonSerializerOptions.Web);

    /// <summary>Reads an event.</summary>
    public static ConnectionEvent Read(RedisValue entry) => JsonSerializer.Deserialize<ConnectionEvent>(entry.ToString(), JsonSerializerOptions.Web)!;

    /// <summary>Says that a script may have told events of <paramref name="subject"/>, which somebody should relay.</summary>
    public void Announce(string subject) => Told?.Invoke(subject);

    /// <summary>The newest events of a subject.</summary>
    /// <param name="subject">The connection's id, or <see cref="App"/>.</param>
    /// <param name="limit">How many at most, from 1 to 200, since no more are kept.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<IReadOnlyList<ConnectionEvent>> ListAsync(string subject, int limit) => StoreUnavailableException.GuardAsync<IReadOnlyList<ConnectionEvent>>(async () =>
    {
        var entries = await redis.Database.ListRangeAsync(keys.Events(subject), 0, limit - 1);
        return [.. entries.Select(Read)];
    });

    /// <summary>Tells that a grant will end, once for each milestone, whoever looks and however often.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="expiry">The end, as it was read.</param>
    /// <param name="days">The milestone.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it was told now; false when it had been, or the grant is no longer the one that was read.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> TellExpiringAsync(ConnectionId id, Expiry expiry, int days, DateTimeOffset now) => StoreUnavailableException.GuardAsync(async () =>
    {
        var data = new JsonObject
        {
            ["forecast"] = expiry.Forecast,
            ["expiresAt"] = expiry.At,
            ["days"] = days,
        };
        return (bool)await redis.Database.ScriptEvaluateAsync(
            ExpiringScript,
            keys.OfConnection(id.Value),
            [expiry.SinceField, GrantRecord.Value(expiry.Since), expiry.Forecast + "_told", days, Entry(Expiring, now, data)]);
    });

    private const string ExpiringScript = $$"""
        {{Tell}}
        if redis.call('HGET', KEYS[1], 'state') ~= 'active' or redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
        local told = redis.call('HGET', KEYS[1], ARGV[3])
        if told and tonumber(told) <= tonumber(ARGV[4]) then return 0 end
        redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
        tell(ARGV[5])
        return 1
        """;
}

/// <summary>Something that happened to a connection.</summary>
/// <param name="Id">Tells it from all others.</param>
/// <param name="Type">What happened, such as <c>connection.expiring</c>.</param>
/// <param name="At">When.</param>
/// <param name="Replica">Which replica noticed.</param>
/// <param name="Data">What belongs to it; null when nothing does.</param>
internal sealed record ConnectionEvent(string Id, string Type, DateTimeOffset At, string? Replica, JsonObject? Data);
