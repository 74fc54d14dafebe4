using System.Threading.Channels;
using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>
/// Gives the events of each subject to every consumer, in order, and takes them out of the outbox when all have them. The replica
/// that told an event does so at once; should it vanish, the next look at the connection does.
/// </summary>
internal sealed partial class OutboxRelay(
    RedisConnection redis, RedisKeys keys, ConnectionEvents events, IEnumerable<IEventConsumer> consumers, ILogger<OutboxRelay> logger) : BackgroundService
{
    // What comes beyond it is relayed by the look at its connection: a storm of deaths must not grow a queue here.
    private const int Capacity = 10_000;

    private readonly Channel<string> _told = Channel.CreateBounded<string>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly IReadOnlyList<IEventConsumer> _consumers = [.. consumers];

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        events.Told += Note;
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Relays what was told here before the process ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        events.Told -= Note;
        _told.Writer.TryComplete();
        if (ExecuteTask is { } relaying)
        {
            await relaying.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <summary>Relays what waits in the outbox of <paramref name="subject"/>.</summary>
    /// <returns>Whether it is empty; when not, somebody must try again.</returns>
    public async Task<bool> TryDrainAsync(string subject)
    {
        try
        {
            await DrainAsync(subject);
            return true;
        }
        catch (Exception exception) when (exception is StoreUnavailableException || RedisConnection.IsUnavailable(exception))
        {
            Log.NotNow(logger, subject, exception);
            return false;
        }
        catch (Exception exception)
        {
            // A consumer with a defect must not keep a connection from being refreshed.
            Log.Broken(logger, subject, exception);
            return false;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var subject in _told.Reader.ReadAllAsync(CancellationToken.None))
        {
            await TryDrainAsync(subject);
        }
    }

    private void Note(string subject) => _told.Writer.TryWrite(subject);

    private async Task DrainAsync(string subject)
    {
        var outbox = keys.Outbox(subject);
        while (await redis.Database.ListGetByIndexAsync(outbox, 0) is { IsNull: false } head)
        {
            var told = ConnectionEvents.Read(head);
            foreach (var consumer in _consumers)
            {
                await consumer.ConsumeAsync(subject, told);
            }

            await redis.Database.ScriptEvaluateAsync(TakeScript, [outbox], [head]);
        }
    }

    // Another replica may have relayed it meanwhile, and then another event stands first.
    private const string TakeScript = """
        if redis.call('LINDEX', KEYS[1], 0) == ARGV[1] then redis.call('LPOP', KEYS[1]) end
        """;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Events of {Subject} cannot be relayed now.")]
        public static partial void NotNow(ILogger logger, string subject, Exception exception);

        [LoggerMessage(LogLevel.Error, "Events of {Subject} could not be relayed: they wait.")]
        public static partial void Broken(ILogger logger, string subject, Exception exception);
    }
}
