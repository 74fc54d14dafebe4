using ConfluenceGateway.Connections;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Callers;

/// <summary>What operators do with caller keys: make, list and revoke them.</summary>
/// <remarks>What is changed here is in force here at once, and in every other replica within seconds.</remarks>
internal sealed class CallerKeys(CallerKeyStore store, CallerKeyCache cache, ConnectionStore connections, IOptions<CallersOptions> options, TimeProvider time) : IEventConsumer
{
    private const int LongestName = 200;
    private const int MostConnections = 100;
    private const int Batch = 200;

    /// <summary>Whether a request needs one.</summary>
    public bool AreNeeded => options.Value.Mode == CallersMode.Key;

    /// <summary>Makes a key.</summary>
    /// <param name="wanted">What it is to be.</param>
    /// <param name="createdBy">Who makes it; null when that is not known.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach; it may or may not be made, and nobody has seen it.</exception>
    public async Task<CallerKeyCreation> CreateAsync(NewCallerKey wanted, string? createdBy)
    {
        var now = time.GetUtcNow();
        var name = wanted.Name?.Trim() ?? "";
        if (name.Length is 0 or > LongestName)
        {
            return Invalid("name", $"must have 1 to {LongestName} characters. Name the app that will use the key.");
        }

        if (Access(wanted.Access) is not { } access)
        {
            return Invalid("access", "must be read (GET, HEAD and OPTIONS) or write (everything).");
        }

        if (wanted.ExpiresAt <= now)
        {
            return Invalid("expiresAt", "must be in the future. Leave it out for a key that does not expire.");
        }

        if (wanted.Connections is not { Count: > 0 and <= MostConnections })
        {
            return Invalid("connections", $"must name 1 to {MostConnections} connections, or be [\"{CallerKey.EveryConnection}\"] for all there are and will be.");
        }

        string[] named = [.. wanted.Connections.Distinct(StringComparer.Ordinal)];
        if (named is not [CallerKey.EveryConnection] && await FaultAsync(named) is { } fault)
        {
            return Invalid("connections", fault);
        }

        var secret = Secret.Random(CallerKey.Prefix);
        var key = new CallerKey(TimeOrderedId.New("key_", now), name, named, access, now, wanted.ExpiresAt, createdBy, LastUsedAt: null);
        cache.Observe(await store.AddAsync(key, secret.Fingerprint));
        return new CallerKeyCreation.Created(key, secret);
    }

    /// <summary>A page of the keys, the oldest first.</summary>
    /// <param name="connection">The connection that they may be used for; null for all keys.</param>
    /// <param name="after">The id after which the page begins; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public async Task<CallerKeyPage> ListAsync(ConnectionId? connection, string? after, int limit)
    {
        var ids = await store.ListAsync(connection?.Value, after, limit);
        if (connection is not null)
        {
            var ofEvery = await store.ListAsync(CallerKey.EveryConnection, after, limit);
            ids = [.. ids.Concat(ofEvery).Order(StringComparer.Ordinal).Take(limit)];
        }

        return new CallerKeyPage(await store.ReadAsync(ids), ids.Count == limit ? ids[^1] : null);
    }

    /// <summary>The key with this id; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public async Task<CallerKey?> FindAsync(string id) => (await store.ReadAsync([id])).SingleOrDefault();

    /// <summary>Revokes a key: it is refused here from now on, and within five seconds by every replica that reaches the store.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach; it may or may not be revoked.</exception>
    public async Task<bool> RevokeAsync(string id)
    {
        if (await store.RemoveAsync(id) is not { } stamp)
        {
            return false;
        }

        cache.Observe(stamp);
        return true;
    }

    /// <summary>Takes a deleted connection out of its keys, and revokes those that were for it alone: one that is made again under the same id is another.</summary>
    public async Task ConsumeAsync(string subject, ConnectionEvent told)
    {
        if (told.Type != ConnectionEvents.Deleted)
        {
            return;
        }

        string? after = null;
        IReadOnlyList<string> ids;
        do
        {
            ids = await store.ListAsync(subject, after, Batch);
            // An event that is told late, or twice, says nothing of keys that were made since.
            foreach (var key in (await store.ReadAsync(ids)).Where(key => key.CreatedAt <= told.At))
            {
                if ((key.Connections is [_] ? await store.RemoveAsync(key.Id) : await store.UnbindAsync(key.Id, subject)) is { } stamp)
                {
                    cache.Observe(stamp);
                }
            }

            after = ids.Count == 0 ? null : ids[^1];
        }
        while (ids.Count == Batch);
    }

    private async Task<string?> FaultAsync(string[] named)
    {
        foreach (var text in named)
        {
            if (text == CallerKey.EveryConnection)
            {
                return $"\"{CallerKey.EveryConnection}\" stands for all connections. Send it alone, or name the connections.";
            }

            if (!ConnectionId.TryParse(text, out var id))
            {
                return $"one of them is no connection id, which is {ConnectionId.Rule}.";
            }

            if (!await connections.ExistsAsync(id))
            {
                return $"there is no connection '{id}'. Make it first, or name another.";
            }
        }

        return null;
    }

    private static CallerAccess? Access(string? text) => text switch
    {
        "read" => CallerAccess.Read,
        "write" => CallerAccess.Write,
        _ => null,
    };

    private static CallerKeyCreation.Invalid Invalid(string field, string remedy) => new(field, remedy);
}

/// <summary>What a key is to be, as somebody typed it.</summary>
/// <param name="Name">What people will call it.</param>
/// <param name="Connections">Ids of connections, or <see cref="CallerKey.EveryConnection"/> alone.</param>
/// <param name="Access"><c>read</c> or <c>write</c>.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
internal sealed record NewCallerKey(string? Name, IReadOnlyList<string>? Connections, string? Access, DateTimeOffset? ExpiresAt);

/// <summary>What came of making a key. The set is closed: handle it with a <c>switch</c>.</summary>
internal abstract record CallerKeyCreation
{
    private CallerKeyCreation()
    {
    }

    /// <summary>It is made; <paramref name="Secret"/> is the key itself, which cannot be shown again.</summary>
    internal sealed record Created(CallerKey Key, Secret Secret) : CallerKeyCreation;

    /// <summary>Nothing was made.</summary>
    /// <param name="Field">The member that is not valid.</param>
    /// <param name="Remedy">What it must be.</param>
    internal sealed record Invalid(string Field, string Remedy) : CallerKeyCreation;
}

/// <summary>A page of keys.</summary>
/// <param name="Items">The keys.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record CallerKeyPage(IReadOnlyList<CallerKey> Items, string? NextCursor);
