using System.Runtime.CompilerServices;
using System.Text.Json;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ConfluenceGateway.Audit;

/// <summary>Who did what, and what happened: a sorted set by time to which entries are only added, and from which the oldest go.</summary>
internal sealed partial class AuditTrail(
    RedisConnection redis, RedisKeys keys, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditTrail> logger) : IEventConsumer
{
    private const int Batch = 500;

    // A rare filter must not read the whole trail for one page: the next page goes on from here.
    private const int MostLookedAt = 20_000;

    /// <summary>Adds an entry. One that is there already is not added again.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task NoteAsync(AuditEntry entry) => StoreUnavailableException.GuardAsync(() =>
        redis.Database.ScriptEvaluateAsync(
            NoteScript,
            [keys.Audit],
            [
                AuditEntry.MomentOf(entry.Id), JsonSerializer.Serialize(entry, JsonSerializerOptions.Web),
                (time.GetUtcNow() - options.Value.MaxAge).ToUnixTimeMilliseconds(), options.Value.MaxEntries,
            ]));

    private const string NoteScript = """
        redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[3])
        local excess = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[4])
        if excess > 0 then redis.call('ZREMRANGEBYRANK', KEYS[1], 0, excess - 1) end
        """;

    /// <summary>Adds an entry, or logs it when the store is out of reach: what was done was done.</summary>
    public async Task NoteOrLogAsync(AuditEntry entry)
    {
        try
        {
            await NoteAsync(entry);
        }
        catch (StoreUnavailableException exception)
        {
            Log.NotNoted(logger, entry.Actor, entry.Action, entry.Subject, entry.Outcome, exception.InnerException!);
        }
    }

    /// <inheritdoc />
    public Task ConsumeAsync(string subject, ConnectionEvent told) => NoteAsync(new AuditEntry(
        AuditEntry.IdOf(told.Id), told.At, AuditEntry.Gateway, told.Type, subject == ConnectionEvents.App ? null : subject, AuditEntry.Done, Address: null, told.Replica, told.Data));

    /// <summary>A page of the entries that <paramref name="filter"/> wants, the newest first.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="cursor">Where the page before ended; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public async Task<AuditPage> PageAsync(AuditFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var items = new List<AuditEntry>(limit);
        var lookedAt = 0;
        await foreach (var entry in ReadAsync(filter, cursor, cancellationToken))
        {
            lookedAt++;
            if (filter.Wants(entry))
            {
                items.Add(entry);
            }

            if (items.Count == limit || lookedAt == MostLookedAt)
            {
                return new AuditPage(items, entry.Id);
            }
        }

        return new AuditPage(items, null);
    }

    /// <summary>All entries that <paramref name="filter"/> wants, the newest first.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public async IAsyncEnumerable<AuditEntry> ExportAsync(AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in ReadAsync(filter, null, cancellationToken))
        {
            if (filter.Wants(entry))
            {
                yield return entry;
            }
        }
    }

    /// <summary>The entries after the cursor in the filter's time, the newest first. Those of one millisecond are in the order of their ids, as Redis sorts members of one score.</summary>
    private async IAsyncEnumerable<AuditEntry> ReadAsync(AuditFilter filter, string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var oldest = filter.From?.ToUnixTimeMilliseconds() ?? double.NegativeInfinity;
        var newest = filter.Until?.ToUnixTimeMilliseconds() ?? double.PositiveInfinity;
        if (cursor is not null)
        {
            newest = Math.Min(newest, AuditEntry.MomentOf(cursor) ?? double.NegativeInfinity);
        }

        // Entries come while this reads, at the newer end: a place is found again by the entry that was last, not by a number.
        for (var skip = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var from = newest;
            var found = await StoreUnavailableException.GuardAsync(() =>
                redis.Database.SortedSetRangeByScoreAsync(keys.Audit, oldest, from, Exclude.None, Order.Descending, skip, Batch));
            foreach (var value in found)
            {
                var entry = JsonSerializer.Deserialize<AuditEntry>(value.ToString(), JsonSerializerOptions.Web)!;
                if (cursor is not null && string.CompareOrdinal(entry.Id, cursor) >= 0)
                {
                    continue;
                }

                cursor = entry.Id;
                yield return entry;
            }

            if (found.Length < Batch)
            {
                yield break;
            }

            // A whole batch of one millisecond is passed over by number, since its score cannot tell its entries apart.
            var last = AuditEntry.MomentOf(cursor ?? "") ?? newest;
            skip = last < newest ? 0 : skip + Batch;
            newest = last;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Not in the audit trail, since the store is out of reach: {Actor} did {Action} to {Subject}: {Outcome}.")]
        public static partial void NotNoted(ILogger logger, string actor, string action, string? subject, string outcome, Exception exception);
    }
}

/// <summary>A page of the audit trail.</summary>
/// <param name="Items">The entries; fewer than asked for when the filter is rare.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? NextCursor);
