using System.Collections.Immutable;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>
/// What the scripts of the grant store do, each in one piece. The conformance tests hold it and the real stores to the same
/// expectations. The state is immutable, so that a store can go back in time.
/// </summary>
internal sealed class ModelGrants
{
    /// <summary>What is stored.</summary>
    public ImmutableDictionary<ConnectionId, ConnectionSnapshot> State { get; set; } = ImmutableDictionary<ConnectionId, ConnectionSnapshot>.Empty;

    /// <summary>What the scripts leave out; nothing unless a proof breaks them.</summary>
    public Omission Omits { get; init; }

    public ConnectionSnapshot? Read(ConnectionId id) => State.GetValueOrDefault(id);

    public bool Begin(ConnectionId id, Grant seen, Intent intent)
    {
        if (Grant(id) is not { Death: null } grant || !Has(grant, seen.Pair.RefreshToken) || grant.Attempts != seen.Attempts)
        {
            return false;
        }

        Set(id, grant with { Attempts = intent.Attempt, Intent = intent });
        return true;
    }

    public bool End(ConnectionId id, Secret spent, Intent ended, Rest rest)
    {
        if (Grant(id) is not { Intent: { } intent } grant || !Has(grant, spent) || intent.Attempt != ended.Attempt || intent.Replica != ended.Replica)
        {
            return false;
        }

        Set(id, grant with
        {
            Intent = ended.UnansweredSince is null ? null : intent with { UnansweredSince = ended.UnansweredSince, Deadline = ended.Deadline },
            Rest = rest,
        });
        return true;
    }

    public long? Commit(ConnectionId id, Exchange exchange, TokenPair pair, bool afterRejection, bool yields)
    {
        if (Grant(id) is not { } grant)
        {
            return null;
        }

        if (Has(grant, pair.RefreshToken) && grant.Origin == exchange)
        {
            return grant.Generation;
        }

        var isExpected = grant.Origin is { } origin && origin.Spent == exchange.Spent
            ? exchange.Attempt > origin.Attempt && Omits != Omission.LaterSibling
            : Has(grant, exchange.Spent);
        if (yields && Has(grant, exchange.Spent) && grant.Intent?.Attempt > exchange.Attempt && Omits != Omission.Yielding)
        {
            return null;
        }

        if (!isExpected && Omits != Omission.CompareAtCommit)
        {
            return null;
        }

        Set(id, grant with
        {
            Generation = grant.Generation + 1,
            Pair = pair,
            AfterRejection = afterRejection,
            Origin = exchange,
            Intent = null,
            Rest = null,
            Death = null,
        });
        return grant.Generation + 1;
    }

    public bool MarkDead(ConnectionId id, Secret rejected, long attempt, GrantDeath death)
    {
        if (Grant(id) is not { } grant || (!Has(grant, rejected) && Omits != Omission.CompareAtDeath))
        {
            return false;
        }

        if (grant.Intent is { } intent && intent.Attempt != attempt && intent.Deadline > death.Since)
        {
            return false;
        }

        Set(id, grant with { Death = death, Intent = null, Rest = null });
        return true;
    }

    public bool Revive(ConnectionId id, Secret refused, DateTimeOffset since)
    {
        if (Grant(id) is not { Death: { } death } grant || !Has(grant, refused) || death.Since != since)
        {
            return false;
        }

        Set(id, grant with { Death = null });
        return true;
    }

    public bool Restore(ConnectionId id, Grant held, Grant? seen)
    {
        if (!State.ContainsKey(id) || Grant(id)?.Pair.RefreshToken.Fingerprint != seen?.Pair.RefreshToken.Fingerprint)
        {
            return false;
        }

        Set(id, held with { Attempts = Math.Max(held.Attempts, Grant(id)?.Attempts ?? 0), Intent = null, Rest = null, Death = null });
        return true;
    }

    public long? Replace(ConnectionId id, TokenPair pair, string clientId)
    {
        if (!State.ContainsKey(id))
        {
            return null;
        }

        var before = Grant(id);
        var consentedAt = before is { } old && old.ConsentedAt >= pair.ObtainedAt ? old.ConsentedAt.AddMilliseconds(1) : pair.ObtainedAt;
        var generation = (before?.Generation ?? 0) + 1;
        Set(id, new Grant(generation, pair, clientId, null, consentedAt, AfterRejection: false, Death: null) { Attempts = before?.Attempts ?? 0 });
        return generation;
    }

    private static bool Has(Grant grant, Secret refreshToken) => Has(grant, refreshToken.Fingerprint);

    private static bool Has(Grant grant, string fingerprint) => grant.Pair.RefreshToken.Fingerprint == fingerprint;

    private Grant? Grant(ConnectionId id) => State.GetValueOrDefault(id)?.Grant;

    private void Set(ConnectionId id, Grant grant) => State = State.SetItem(id, State[id] with { Grant = grant });
}

/// <summary>A clause that a broken script would lack.</summary>
internal enum Omission
{
    None,

    /// <summary>A commit does not compare what is stored with what was spent.</summary>
    CompareAtCommit,

    /// <summary>Of two exchanges of one token, the later one is not preferred.</summary>
    LaterSibling,

    /// <summary>A commit does not give way to a later exchange that has no answer yet.</summary>
    Yielding,

    /// <summary>A death is noted whatever is stored.</summary>
    CompareAtDeath,
}
