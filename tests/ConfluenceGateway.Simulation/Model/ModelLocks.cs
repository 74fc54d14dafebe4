using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Simulation.Scheduling;
using RedLockNet;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>Locks in the store, which forget their holder when it is silent for too long.</summary>
internal sealed class ModelLocks
{
    private readonly Scheduler _scheduler;
    private readonly ModelStore _store;
    private readonly Dictionary<string, (object Holder, TimeSpan Until)> _held = [];

    public ModelLocks(Scheduler scheduler, ModelStore store)
    {
        (_scheduler, _store) = (scheduler, store);
        store.WentBack += _held.Clear;
    }

    /// <summary>The locks as one replica reaches them.</summary>
    public ILocks For(Machine machine, VirtualClock clock, Action<string, Stage> signal, ISet<string> held) => new Client(this, machine, clock, signal, held);

    private bool TryTake(string resource, object holder, TimeSpan life)
    {
        if (_held.TryGetValue(resource, out var other) && other.Until > _scheduler.Now && other.Holder != holder)
        {
            return false;
        }

        _held[resource] = (holder, _scheduler.Now + life);
        return true;
    }

    private bool Free(string resource, object holder) =>
        _held.TryGetValue(resource, out var held) && held.Holder == holder && _held.Remove(resource);

    private sealed class Client(ModelLocks locks, Machine machine, VirtualClock clock, Action<string, Stage> signal, ISet<string> held) : ILocks
    {
        public async Task<IRedLock?> TryAcquireAsync(string resource, TimeSpan life)
        {
            var taken = new Lock(this, resource, life);
            try
            {
                if (await locks._store.AskAsync(machine, () => locks.TryTake(resource, taken, life), stage => signal("lock", stage)))
                {
                    taken.Hold();
                    return taken;
                }
            }
            catch (StoreUnavailableException)
            {
                // Too few nodes answer: no lock, as with RedLock.net. The store may think otherwise for a while.
            }

            return null;
        }

        private sealed class Lock(Client client, string resource, TimeSpan life) : IRedLock
        {
            private ITimer? _extension;

            public string Resource => resource;

            public string LockId => "";

            public bool IsAcquired { get; private set; }

            public RedLockStatus Status => IsAcquired ? RedLockStatus.Acquired : RedLockStatus.Conflicted;

            public RedLockInstanceSummary InstanceSummary => default;

            public int ExtendCount { get; private set; }

            public void Hold()
            {
                IsAcquired = true;
                client.Held.Add(resource);
                _extension = client.Clock.CreateTimer(_ => _ = ExtendAsync(), null, life / 2, life / 2);
            }

            public void Dispose() => throw new NotSupportedException();

            public async ValueTask DisposeAsync()
            {
                IsAcquired = false;
                client.Held.Remove(resource);
                if (_extension is { } extension)
                {
                    await extension.DisposeAsync();
                }

                try
                {
                    await client.Locks._store.AskAsync(client.Machine, () => client.Locks.Free(resource, this), stage => client.Signal("unlock", stage));
                }
                catch (StoreUnavailableException)
                {
                    // It frees itself after its life.
                }
            }

            // Like RedLock.net's, it takes a lock again that ran out and that nobody else has.
            private async Task ExtendAsync()
            {
                ExtendCount++;
                try
                {
                    IsAcquired = await client.Locks._store.AskAsync(client.Machine, () => client.Locks.TryTake(resource, this, life), _ => { }) && IsAcquired;
                }
                catch (StoreUnavailableException)
                {
                    IsAcquired = false;
                }
            }
        }

        private ModelLocks Locks => locks;

        private Machine Machine => machine;

        private VirtualClock Clock => clock;

        private Action<string, Stage> Signal => signal;

        private ISet<string> Held => held;
    }
}
