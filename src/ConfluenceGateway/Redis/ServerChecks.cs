using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ConfluenceGateway.Redis;

/// <summary>Whether the server is one that grants can be trusted to. A managed Redis may refuse to tell; that fails no check.</summary>
internal sealed class ServerChecks(RedisConnection redis, IOptions<RedisOptions> options, TimeProvider time)
{
    private static readonly Version Oldest = new(6, 2);
    private static readonly Version OldestWithWaitAof = new(7, 2);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);
    private readonly WriteDurability _durability = WriteDurability.Parse(options.Value.Durability);

    /// <summary>Runs them; of several primaries, in a cluster, the worst one speaks. Empty when no primary is connected.</summary>
    /// <exception cref="RedisConnectionException">Redis went away meanwhile, or another exception of <see cref="RedisConnection.IsUnavailable"/>.</exception>
    public async Task<IReadOnlyList<SelfCheck>> RunAsync()
    {
        var checks = new List<SelfCheck>();
        foreach (var primary in redis.Multiplexer.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
        {
            var info = Fields(await AskAsync(primary, "INFO"));
            checks.AddRange([Version(info), Persistence(info), Eviction(info), Replicas(info), await ClockAsync(primary)]);
        }

        return [.. checks.GroupBy(check => check.Name).Select(same => same.MinBy(check => check.Passed switch { false => 0, null => 1, true => 2 })!)];
    }

    private SelfCheck Version(Dictionary<string, string> info)
    {
        // Valkey gives the Redis version it stands for, and its own beside it.
        var known = System.Version.TryParse(info.GetValueOrDefault("redis_version"), out var version);
        var needed = _durability is WriteDurability.Aof ? OldestWithWaitAof : Oldest;
        return new SelfCheck("version", known ? version >= needed : null, (known, version >= needed) switch
        {
            (false, _) => "The server does not tell its version.",
            (_, true) => info.TryGetValue("valkey_version", out var valkey) ? $"Valkey {valkey}." : $"Redis {version}.",
            _ when version >= Oldest => $"Redis {version} has no WAITAOF, so Redis:Durability=aof confirms no write. Upgrade to 7.2 or later, or choose replicas:N or none.",
            _ => $"Redis {version} is too old. Upgrade to {needed} or later.",
        });
    }

    private static SelfCheck Persistence(Dictionary<string, string> info) => info.GetValueOrDefault("aof_enabled") switch
    {
        null => new("persistence", null, "The server does not tell whether it keeps an append-only file."),
        "1" => new("persistence", true, "The append-only file is on."),
        _ => new("persistence", false, "The append-only file is off: a restart of Redis loses rotations, and with them grants. Set appendonly yes."),
    };

    private static SelfCheck Eviction(Dictionary<string, string> info) => (info.GetValueOrDefault("maxmemory"), info.GetValueOrDefault("maxmemory_policy")) switch
    {
        ("0", _) => new("eviction", true, "No memory limit."),
        (_, "noeviction") => new("eviction", true, "noeviction."),
        (null, _) or (_, null) => new("eviction", null, "The server does not tell its memory limit and policy."),
        (_, var policy) => new("eviction", false, $"maxmemory-policy is {policy}: a full Redis throws grants away. Set maxmemory-policy noeviction."),
    };

    private SelfCheck Replicas(Dictionary<string, string> info)
    {
        if (_durability is not WriteDurability.Replicas(var wanted))
        {
            return new("replicas", true, "Redis:Durability asks for none.");
        }

        return int.TryParse(info.GetValueOrDefault("connected_slaves"), CultureInfo.InvariantCulture, out var connected)
            ? new("replicas", connected >= wanted, connected >= wanted
                ? $"{connected} connected."
                : $"{connected} connected, and Redis:Durability asks for {wanted}: no refresh is confirmed. Add or mend replicas, or ask for fewer.")
            : new("replicas", null, "The server does not tell its replicas.");
    }

    private async Task<SelfCheck> ClockAsync(IServer server)
    {
        var before = time.GetUtcNow();
        if (await AskAsync(server, "TIME") is not { Length: 2 } answer)
        {
            return new("clock", null, "The server does not tell its time.");
        }

        var after = time.GetUtcNow();
        var told = DateTimeOffset.FromUnixTimeSeconds((long)answer[0]).AddMicroseconds((long)answer[1]);
        // The server looked at its clock somewhere between the two looks at ours.
        var apart = told < before ? before - told : told > after ? told - after : TimeSpan.Zero;
        return apart <= ClockTolerance
            ? new("clock", true, "Agrees with that of Redis.")
            : new("clock", false, string.Create(CultureInfo.InvariantCulture, $"The clocks of this host and of Redis are {apart.TotalSeconds:0} s apart, and expiries are absolute times. Synchronise both (NTP)."));
    }

    private static async Task<RedisResult?> AskAsync(IServer server, string command)
    {
        try
        {
            return await server.ExecuteAsync(command);
        }
        catch (Exception exception) when (exception is RedisCommandException || (exception is RedisServerException && !RedisConnection.IsUnavailable(exception)))
        {
            return null;
        }
    }

    private static Dictionary<string, string> Fields(RedisResult? info)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (info?.ToString() ?? "").Split('\n'))
        {
            if (line.Split(':', 2) is [var name, var value])
            {
                fields[name] = value.Trim();
            }
        }

        return fields;
    }
}
