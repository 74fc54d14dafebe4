using ConfluenceGateway.Connections;
using ConfluenceGateway.Simulation.Model;
using ConfluenceGateway.Simulation.Scheduling;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Simulation.Proof;

/// <summary>Watches a run and stops it at the first thing that must never happen.</summary>
internal sealed class Referee(World world)
{
    // Beside a caller's budget: its first look at the store, and its machine's own pauses are not counted.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    // An answer that is slow, and a request that is.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(Machine, ConnectionId), (int Rollbacks, Intent Intent)> _begun = [];

    private readonly HashSet<(ConnectionId, GrantVersion)> _stored = [];
    private readonly Dictionary<ConnectionId, TimeSpan> _restedAt = [];

    /// <summary>What happened that must not; null when nothing did.</summary>
    public string? Violation { get; private set; }

    /// <summary>Notes the first violation.</summary>
    public void Object(string violation)
    {
        world.Scheduler.IsStopped = true;
        if (Violation is null)
        {
            Violation = violation;
            world.Tell(world.Scheduler.Outside, "VIOLATION: " + violation);
        }
    }

    /// <summary>A replica sends a refresh token.</summary>
    public void Sending(Replica replica, Secret refreshToken)
    {
        var (id, account) = world.AccountOf(refreshToken);
        if (!replica.HeldLocks.Contains($"refresh:{id}"))
        {
            Object($"{replica.Machine.Name} exchanges without the lock of {id}");
        }

        if (!_begun.TryGetValue((replica.Machine, id), out var begun))
        {
            Object($"{replica.Machine.Name} exchanges without an intent of its own for {id}");
        }
        else if (begun.Rollbacks == world.Store.Rollbacks
            && world.Store.Grants.Read(id)?.Grant is { Intent: { } intent } grant
            && grant.Pair.RefreshToken.Fingerprint == refreshToken.Fingerprint
            && intent.Attempt != begun.Intent.Attempt
            && intent.Deadline > replica.Clock.GetUtcNow() + world.Plan.Skew * 2)
        {
            Object($"{replica.Machine.Name} exchanges a token of {id} that {intent.Replica} may be exchanging until {intent.Deadline:T}");
        }
    }

    /// <summary>A refresh token was exchanged, or refused.</summary>
    public void Exchanged()
    {
        foreach (var (id, account) in world.Accounts)
        {
            if (account.IsKilledByReuse)
            {
                Object($"the grant of {id} was ended by a spent token that came too late");
            }
        }
    }

    /// <summary>The store took a write.</summary>
    public void Written(Machine? writer, string what, ConnectionId id, ConnectionSnapshot? before)
    {
        var after = world.Store.Grants.Read(id)!.Grant!;
        var account = world.Accounts[id];
        _stored.Add((id, after.Version));
        switch (what)
        {
            case "begin":
                if (before!.Grant!.Intent is { } live && live.Replica != writer!.Name && live.Deadline > VirtualClock.At(world.Scheduler.Now) + world.Plan.Skew * 2)
                {
                    Object($"{writer.Name} begins an exchange of {id} while {live.Replica} may be at it until {live.Deadline:T}");
                }

                _begun[(writer!, id)] = (world.Store.Rollbacks, after.Intent!);
                // Who looked a moment before the rest was noted could not know of it.
                if (before.Grant.Rest is { } rest && rest.Until > VirtualClock.At(world.Scheduler.Now) + world.Plan.Skew * 2
                    && world.Scheduler.Now - _restedAt.GetValueOrDefault(id) > LongestLook && !world.IsOver)
                {
                    Object($"{writer!.Name} exchanges {id}, which rests until {rest.Until:T}");
                }

                break;
            case "end":
                _restedAt[id] = world.Scheduler.Now;
                break;
            case "mark dead" when account.IsAlive:
                Object($"{writer!.Name} marks the live grant of {id} as dead: {after.Death!.Reason}, {after.Death.Evidence}");
                break;
            case "commit" or "restore" when before?.Grant is { } old && account.NumberOf(after.Pair) < account.NumberOf(old.Pair):
                Object($"{writer!.Name} replaces pair {account.NumberOf(old.Pair)} of {id} by the older pair {account.NumberOf(after.Pair)}");
                break;
        }
    }

    /// <summary>A caller was answered.</summary>
    /// <param name="replica">Where.</param>
    /// <param name="id">The connection.</param>
    /// <param name="outcome">The answer.</param>
    /// <param name="served">The newest version that had been served there when the caller asked.</param>
    /// <param name="waited">For how long.</param>
    /// <param name="wasPaused">Whether the replica was stopped meanwhile.</param>
    public void Answered(Replica replica, ConnectionId id, TokenOutcome outcome, GrantVersion served, TimeSpan waited, bool wasPaused)
    {
        if (waited > world.Plan.Options.WaitBudget + Grace && !wasPaused)
        {
            Object($"a caller of {id} at {replica.Machine.Name} waited for {waited}");
        }

        if (outcome is not TokenOutcome.Ready { Grant: var grant })
        {
            return;
        }

        if (grant.Pair.ExpiresAt <= replica.Clock.GetUtcNow())
        {
            Object($"{replica.Machine.Name} serves a token of {id} that ended at {grant.Pair.ExpiresAt:T}");
        }

        // A pair that no store ever took may give way, and when the store went back what stands there may be followed.
        if (served.IsNewerThan(grant.Version) && _stored.Contains((id, served)) && world.Store.Rollbacks == 0)
        {
            Object($"{replica.Machine.Name} serves generation {grant.Generation} of {id} after generation {served.Generation}");
        }

        if (grant.Version.IsNewerThan(replica.Served.GetValueOrDefault(id)))
        {
            replica.Served[id] = grant.Version;
        }
    }

    /// <summary>Faults have stopped long ago: everything must work.</summary>
    public async Task CloseAsync(Replica replica, bool forces)
    {
        foreach (var (id, account) in world.Accounts)
        {
            var outcome = await replica.GetAsync(id, CancellationToken.None);
            if (outcome is TokenOutcome.Ready served && !account.Accepts(served.Grant.Pair.AccessToken))
            {
                outcome = await replica.GetNewerAsync(id, served.Grant.Version, RefreshTrigger.Rejected, CancellationToken.None);
            }

            Expect(replica, id, account, outcome, "in the end");
            if (forces && outcome is TokenOutcome.Ready ready)
            {
                Expect(replica, id, account, await replica.GetNewerAsync(id, ready.Grant.Version, RefreshTrigger.Operator, CancellationToken.None), "refreshed once more");
            }
        }

        if (!await replica.HasSavedAllAsync())
        {
            Object($"{replica.Machine.Name} holds a pair that the store lacks");
        }
    }

    private void Expect(Replica replica, ConnectionId id, Account account, TokenOutcome outcome, string when)
    {
        var isRight = account.IsAlive
            ? outcome is TokenOutcome.Ready ready && account.Accepts(ready.Grant.Pair.AccessToken)
            : outcome is TokenOutcome.ReauthRequired;
        if (!isRight)
        {
            Object($"{when}, {id} at {replica.Machine.Name} is {outcome}, and its grant is {(account.IsAlive ? "alive" : "dead")}");
        }
    }
}
