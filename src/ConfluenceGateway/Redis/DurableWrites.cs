using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ConfluenceGateway.Redis;

/// <summary>Writes that are answered once they are as durable as <c>Redis:Durability</c> asks.</summary>
/// <remarks>
/// WAIT and WAITAOF block the connection they run on and count the writes of that connection alone. So the scripts whose
/// writes are to be confirmed share a multiplexer of their own with them, which is opened at the first such write.
/// </remarks>
internal sealed class DurableWrites : IAsyncDisposable
{
    /// <summary>How long the server waits for replicas: 1 second.</summary>
    public static readonly TimeSpan ReplicasTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How long the server waits for its disk: 3 seconds, since with <c>appendfsync everysec</c> it starts to sync a second after the last time.</summary>
    public static readonly TimeSpan AofTimeout = TimeSpan.FromSeconds(3);

    // A script may stand behind one confirmation that times out.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly RedisConnection _redis;
    private readonly WriteDurability _durability;
    private readonly Lazy<Task<ConnectionMultiplexer>> _own;
    private readonly ConcurrentDictionary<EndPoint, SharedWait> _waits = new();

    public DurableWrites(RedisConnection redis, IOptions<RedisOptions> options)
    {
        _redis = redis;
        _durability = WriteDurability.Parse(options.Value.Durability);
        _own = new(() => ConnectionMultiplexer.ConnectAsync(Options(options.Value.ConnectionString)));
    }

    /// <summary>Runs a Lua script and returns once its writes are as durable as <c>Redis:Durability</c> asks.</summary>
    /// <remarks>
    /// When this throws, the write may have happened, so the script must be one that can be run again. It must write
    /// something then too, be it what is there already: a confirmation covers writes, and a script that only reads the
    /// outcome of its lost first run would pass for confirmed.
    /// </remarks>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its keys, one at least; in a cluster all of one slot.</param>
    /// <param name="values">Its arguments.</param>
    /// <exception cref="NotDurableException">The script ran and its writes are not confirmed.</exception>
    public async Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] values)
    {
        if (_durability is WriteDurability.None)
        {
            return await _redis.Database.ScriptEvaluateAsync(script, keys, values);
        }

        var own = await _own.Value;
        var before = Socket.Of(own, keys[0]);
        var answer = await own.GetDatabase().ScriptEvaluateAsync(script, keys, values);
        if (before is { Server: var server })
        {
            await _waits.GetOrAdd(server, _ => new SharedWait(() => ConfirmAsync(own.GetServer(server)))).StartedFromNowAsync();
            // A new connection has no writes yet, so a confirmation on it says nothing about those of the last one.
            if (before == Socket.Of(own, keys[0]))
            {
                return answer;
            }
        }

        throw new NotDurableException("The connection to Redis changed before the write was confirmed.");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_own.IsValueCreated)
        {
            await (await _own.Value).DisposeAsync();
        }
    }

    private static ConfigurationOptions Options(string connectionString)
    {
        var options = RedisConnection.Options(connectionString);
        options.AsyncTimeout = Math.Max(options.AsyncTimeout, (int)AnswerTimeout.TotalMilliseconds);
        return options;
    }

    private async Task ConfirmAsync(IServer server)
    {
        try
        {
            var (confirmed, wanted, by, timeout) = _durability is WriteDurability.Replicas(var count)
                ? ((int)await server.ExecuteAsync("WAIT", count, (int)ReplicasTimeout.TotalMilliseconds), count, "replicas", ReplicasTimeout)
                : (((int[])(await server.ExecuteAsync("WAITAOF", 1, 0, (int)AofTimeout.TotalMilliseconds))!)[0], 1, "append-only files", AofTimeout);
            if (confirmed < wanted)
            {
                throw new NotDurableException($"The write was confirmed by {confirmed} of {wanted} {by} within {timeout.TotalSeconds:0} s.");
            }
        }
        catch (RedisServerException exception)
        {
            throw new NotDurableException(
                exception.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase)
                    ? "The server does not know the command that confirms a write. Redis:Durability=aof needs Redis 7.2 or later: upgrade, or choose replicas:N or none."
                    : $"The server does not confirm writes: {exception.Message}",
                exception);
        }
    }

    /// <summary>The connection that commands on a key take, told apart from the one before it.</summary>
    private readonly record struct Socket(EndPoint Server, long Number)
    {
        /// <summary>Null while there is none.</summary>
        public static Socket? Of(ConnectionMultiplexer multiplexer, RedisKey key)
        {
            try
            {
                var server = multiplexer.GetServer(key);
                return new Socket(server.EndPoint, server.GetCounters().Interactive.SocketCount);
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }
}

/// <summary>A write may have happened and is not confirmed to be as durable as <c>Redis:Durability</c> asks.</summary>
internal sealed class NotDurableException(string message, Exception? inner = null) : Exception(message, inner);
