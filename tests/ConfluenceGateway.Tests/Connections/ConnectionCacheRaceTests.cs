using ConfluenceGateway.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>What a replica holds while many threads look, write and hear of changes at once.</summary>
public sealed class ConnectionCacheRaceTests
{
    private const int Generations = 2_000;

    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);
    private static readonly DateTimeOffset Then = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ConnectionSnapshot Old = new(
        new Connection(Id, "demo", null, null, Paused: false, Then),
        new Grant(1, Pairs.Of("first", Then), "app", null, Then, AfterRejection: false, Death: null));

    [Fact]
    public async Task Nothing_older_comes_over_a_newer_pair()
    {
        var changes = new ConnectionChanges();
        var cache = new ConnectionCache(
            new ForgetfulStore(), changes, new ReuseInterval(TimeSpan.FromMinutes(10)), TimeProvider.System, NullLogger<ConnectionCache>.Instance);
        using var ended = new CancellationTokenSource();
        var disturbers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                changes.Tell("demo");
                cache.Put(Old);
                await cache.ReadAsync(Id);
            }
        })).ToArray();

        for (var generation = 2; generation <= Generations; generation++)
        {
            cache.Put(Old with { Grant = Old.Grant! with { Generation = generation } });
            await Task.Yield();

            Assert.Equal(generation, (await cache.GetAsync(Id))!.Grant!.Generation);
        }

        await ended.CancelAsync();
        await Task.WhenAll(disturbers);
    }

    /// <summary>It never learns of anything after the first pair.</summary>
    private sealed class ForgetfulStore : IGrantStore
    {
        public async Task<ConnectionSnapshot?> ReadAsync(ConnectionId id)
        {
            await Task.Yield();
            return Old;
        }

        public Task<bool> RestoreAsync(ConnectionId id, Grant held, Grant? seen) => Task.FromResult(false);

        public Task<bool> BeginAsync(ConnectionId id, Grant seen, Intent intent) => throw new NotSupportedException();

        public Task<bool> EndAsync(ConnectionId id, Secret spent, Intent ended, Rest rest) => throw new NotSupportedException();

        public Task<long?> CommitAsync(ConnectionId id, Exchange exchange, TokenPair pair, bool afterRejection, bool yields) => throw new NotSupportedException();

        public Task<bool> MarkDeadAsync(ConnectionId id, Secret rejected, long attempt, GrantDeath death) => throw new NotSupportedException();

        public Task<bool> ReviveAsync(ConnectionId id, Secret refused, DateTimeOffset since, DateTimeOffset now) => throw new NotSupportedException();
    }
}
