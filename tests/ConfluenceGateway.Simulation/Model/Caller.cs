using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>An app that asks again and again, hangs up at times, and comes back when the upstream rejects what it got.</summary>
internal sealed class Caller(World world, Replica replica, ConnectionId id)
{
    private readonly TimeSpan _pause = world.Random.Between(1, 40);

    /// <summary>Calls until its replica dies, or the run ends.</summary>
    public async Task CallAsync()
    {
        while (!world.IsClosing)
        {
            await Task.Delay(_pause * (0.5 + world.Random.NextDouble()), replica.Clock);
            using var patience = world.Random.Happens(0.2)
                ? new CancellationTokenSource(world.Random.Pick(world.Random.Between(0, 0.5), world.Random.Between(0.5, 20)), replica.Clock)
                : new CancellationTokenSource();
            try
            {
                var outcome = await AskAsync(() => replica.GetAsync(id, patience.Token));
                if (outcome is TokenOutcome.Ready { Grant: var grant } && !world.Accounts[id].Accepts(grant.Pair.AccessToken))
                {
                    await AskAsync(() => replica.GetNewerAsync(id, grant.Version, RefreshTrigger.Rejected, patience.Token));
                }
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                // Hung up.
            }
            catch (Exception exception)
            {
                world.Referee.Object($"a caller of {id} at {replica.Machine.Name} got {exception}");
                return;
            }
        }
    }

    private async Task<TokenOutcome> AskAsync(Func<Task<TokenOutcome>> ask)
    {
        var (began, pauses, served) = (world.Scheduler.Now, replica.Machine.Pauses, replica.Served.GetValueOrDefault(id));
        var outcome = await ask();
        if (world.Traces && outcome is not TokenOutcome.Ready)
        {
            world.Tell(replica.Machine, $"a caller of {id} gets {outcome}");
        }

        world.Referee.Answered(replica, id, outcome, served, world.Scheduler.Now - began, wasPaused: replica.Machine.Pauses != pauses);
        return outcome;
    }
}
