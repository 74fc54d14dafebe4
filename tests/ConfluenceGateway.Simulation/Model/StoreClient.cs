using ConfluenceGateway.Connections;
using ConfluenceGateway.Simulation.Proof;
using ConfluenceGateway.Simulation.Scheduling;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>The store as one replica reaches it.</summary>
internal sealed class StoreClient(World world, Machine machine, Action<string, Stage> signal) : IGrantStore, IRefusals
{
    private readonly ModelStore _store = world.Store;

    public Task<ConnectionSnapshot?> ReadAsync(ConnectionId id) => _store.AskAsync(machine, () => _store.Grants.Read(id), stage => signal("read", stage));

    public Task<bool> BeginAsync(ConnectionId id, Grant seen, Intent intent) => AskAsync("begin", id, grants => grants.Begin(id, seen, intent));

    public Task<bool> EndAsync(ConnectionId id, Secret spent, Intent ended, Rest rest) => AskAsync("end", id, grants => grants.End(id, spent, ended, rest));

    public Task<long?> CommitAsync(ConnectionId id, Exchange exchange, TokenPair pair, bool afterRejection, bool yields) =>
        AskAsync("commit", id, grants => grants.Commit(id, exchange, pair, afterRejection, yields));

    public Task<bool> MarkDeadAsync(ConnectionId id, Secret rejected, long attempt, GrantDeath death) =>
        AskAsync("mark dead", id, grants => grants.MarkDead(id, rejected, attempt, death));

    public Task<bool> ReviveAsync(ConnectionId id, Secret refused, DateTimeOffset since, DateTimeOffset now) =>
        AskAsync("revive", id, grants => grants.Revive(id, refused, since));

    public Task<IReadOnlyList<Refusal>> NoteAsync(string clientId, ConnectionId id, DateTimeOffset now, TimeSpan window, int enough) =>
        _store.AskAsync(machine, () => world.Refusals.Note(id, now, window, enough), stage => signal("note refusal", stage));

    public Task ConfirmAsync(string clientId, ConnectionId id) => _store.AskAsync(machine, () => world.Refusals.Confirm(id), stage => signal("confirm", stage));

    public void Forget(string clientId)
    {
        // A message that nobody waits for: while the store is away it is lost.
        if (!_store.IsDown)
        {
            world.Refusals.Forget();
        }
    }

    public Task<bool> RestoreAsync(ConnectionId id, Grant held, Grant? seen) =>
        world.Flaw != Flaw.OlderIsAdopted ? AskAsync("restore", id, grants => grants.Restore(id, held, seen)) : Task.FromResult(false);

    private Task<T> AskAsync<T>(string what, ConnectionId id, Func<ModelGrants, T> work) =>
        _store.AskAsync(machine, () => world.WriteAs(machine, () => _store.Write(what, id, work)), stage => signal(what, stage));
}
