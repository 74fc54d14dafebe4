using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Tokens;

/// <summary>Gives a token that is valid now: from the cache in steady state, else from the one refresh under way.</summary>
internal sealed class TokenSource(
    ConnectionCache connections, RefreshFlights flights, ReplicaId replica, IOptions<RefreshOptions> options,
    IOptionsMonitor<AtlassianOptions> atlassian, TimeProvider time)
{
    // Below this a token would end on its way to the upstream.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(5);

    /// <summary>A token for a request.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="cancellationToken">The caller's own; it ends the caller's wait, never a refresh.</param>
    public ValueTask<TokenOutcome> GetAsync(ConnectionId id, CancellationToken cancellationToken)
    {
        var read = connections.GetAsync(id);
        if (!read.IsCompletedSuccessfully)
        {
            return new ValueTask<TokenOutcome>(WaitAsync(id, read.AsTask(), default, RefreshTrigger.Expired, cancellationToken));
        }

        var snapshot = read.Result;
        return Decide(snapshot, default) is { } outcome
            ? new ValueTask<TokenOutcome>(outcome)
            : new ValueTask<TokenOutcome>(WaitAsync(id, Task.FromResult(snapshot), default, RefreshTrigger.Expired, cancellationToken));
    }

    /// <summary>A token newer than the one of <paramref name="rejected"/>, which the upstream rejected. One refresh serves all who ask.</summary>
    public Task<TokenOutcome> GetNewerAsync(ConnectionId id, GrantVersion rejected, RefreshTrigger trigger, CancellationToken cancellationToken) =>
        WaitAsync(id, connections.GetAsync(id).AsTask(), rejected, trigger, cancellationToken);

    private async Task<TokenOutcome> WaitAsync(
        ConnectionId id, Task<ConnectionSnapshot?> read, GrantVersion rejected, RefreshTrigger trigger, CancellationToken cancellationToken)
    {
        using var span = Traces.Start("wait for token", id.Value);
        ConnectionSnapshot? snapshot = null;
        var deadline = time.GetUtcNow() + options.Value.WaitBudget;
        try
        {
            snapshot = await read.WaitAsync(cancellationToken);
            while (true)
            {
                if (Decide(snapshot, rejected) is { } outcome)
                {
                    return outcome;
                }

                var left = deadline - time.GetUtcNow();
                if (left <= TimeSpan.Zero)
                {
                    throw new TimeoutException();
                }

                var result = await flights.Join(id, snapshot!.Grant!.Version, trigger).WaitAsync(left, time, cancellationToken);
                switch (result)
                {
                    case RefreshResult.Settled settled:
                        snapshot = settled.Snapshot;
                        break;
                    case RefreshResult.Failed { Name: "lock_timeout" }:
                        // The flight's patience began with its first caller. One who came later has some left.
                        break;
                    case RefreshResult.Failed failed:
                        return OrStillGood(failed.Outcome, snapshot, rejected);
                }
            }
        }
        catch (TimeoutException)
        {
            var late = new TokenOutcome.Unavailable("the refresh takes longer than Refresh:WaitBudget", TimeSpan.FromSeconds(5));
            return OrStillGood(late, snapshot, rejected);
        }
        catch (StoreUnavailableException)
        {
            var unavailable = new TokenOutcome.Unavailable("the store is out of reach", TimeSpan.FromSeconds(5));
            return OrStillGood(unavailable, snapshot, rejected);
        }
    }

    /// <summary>What a snapshot means for a request; null when it takes a refresh to tell.</summary>
    private TokenOutcome? Decide(ConnectionSnapshot? snapshot, GrantVersion rejected)
    {
        switch (snapshot)
        {
            case null:
                return new TokenOutcome.Unknown();
            case { State: ConnectionState.Paused }:
                return new TokenOutcome.Paused();
            case { Grant: null }:
                return new TokenOutcome.NotConnected();
            case { Grant.Death: { } death }:
                return new TokenOutcome.ReauthRequired(death);
        }

        var grant = snapshot.Grant!;
        var life = grant.Pair.ExpiresAt - time.GetUtcNow();
        if (grant.Version.IsNewerThan(rejected) && life > Shorter(options.Value.Skew, grant.Pair.Lifetime / 2))
        {
            if (IsAhead(snapshot, life) && Refusal(grant) is null && !IsResting(grant))
            {
                flights.StartBehind(snapshot.Connection.Id, grant.Version);
            }

            return new TokenOutcome.Ready(snapshot);
        }

        return Refusal(grant);
    }

    /// <summary>Why a grant cannot be refreshed with the configured app; null when it can.</summary>
    private TokenOutcome? Refusal(Grant grant)
    {
        var app = atlassian.CurrentValue;
        if (!app.IsConfigured)
        {
            return new TokenOutcome.Misconfigured("Atlassian:ClientId and Atlassian:ClientSecret are not set", TimeSpan.FromSeconds(30));
        }

        return ReauthReasons.WrongApp(grant, app) is { } death ? new TokenOutcome.ReauthRequired(death) : null;
    }

    private bool IsResting(Grant grant) => grant.Rest is { } rest && rest.Until > time.GetUtcNow();

    /// <summary>When a refresh fails, a token with a little life left is better than none.</summary>
    private TokenOutcome OrStillGood(TokenOutcome failure, ConnectionSnapshot? snapshot, GrantVersion rejected) =>
        snapshot is { Grant: { Death: null } grant } && grant.Version.IsNewerThan(rejected) && grant.Pair.ExpiresAt - time.GetUtcNow() > LastMoment
            ? new TokenOutcome.Ready(snapshot)
            : failure;

    /// <summary>Whether the window before the end has begun: between half and all of <c>Refresh:Ahead</c>, another for each connection, generation and replica, so that refreshes spread.</summary>
    private bool IsAhead(ConnectionSnapshot snapshot, TimeSpan life)
    {
        var grant = snapshot.Grant!;
        var longest = Shorter(options.Value.Ahead, grant.Pair.Lifetime / 3);
        return life < longest && life < longest * (0.5 + Spread.Of($"{snapshot.Connection.Id} {grant.Generation} {replica.Value}") / 2);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
