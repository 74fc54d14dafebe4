using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>How replicas count refused grants together.</summary>
public sealed class RefusalsTests(Stores stores)
{
    private const string App = "the-app";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Now = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory, EveryStore]
    public async Task A_connection_counts_once_and_for_its_own_app(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));

        await NoteAsync(world, "a", Now);
        await NoteAsync(world, "a", Now.AddSeconds(1));
        await Of(world).NoteAsync("another-app", Id("x"), Now, Window, 3);

        Assert.Equal(["a", "b"], await NoteAsync(world, "b", Now.AddSeconds(2)));
    }

    [Theory, EveryStore]
    public async Task A_refusal_counts_for_a_window_and_the_key_ends_with_the_last(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));

        await NoteAsync(world, "a", Now);
        await NoteAsync(world, "b", Now.AddMinutes(4));

        Assert.Equal(["b", "c"], await NoteAsync(world, "c", Now.AddMinutes(6)));
        var key = world.Gateway.Services.GetRequiredService<RedisKeys>().Refusals(App);
        Assert.InRange((await world.Gateway.Database().KeyTimeToLiveAsync(key))!.Value, Window / 2, Window);
    }

    [Theory, EveryStore]
    public async Task Enough_of_them_stay_together_and_never_grow(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));

        await NoteAsync(world, "a", Now);
        await NoteAsync(world, "b", Now);
        await NoteAsync(world, "c", Now);

        Assert.Equal(["a", "b", "c"], await NoteAsync(world, "d", Now.AddMinutes(20)));
    }

    [Theory, EveryStore]
    public async Task A_success_forgets_them_all(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await NoteAsync(world, "a", Now);

        Of(world, gateway: 1).Forget(App);

        await Eventually.TrueAsync(async () => (await NoteAsync(world, "b", Now)).SequenceEqual(["b"]), "the first is forgotten");
    }

    [Theory, EveryStore]
    public async Task A_confirmed_one_counts_on(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await NoteAsync(world, "a", Now);
        await NoteAsync(world, "b", Now);
        await NoteAsync(world, "c", Now);

        await Of(world).ConfirmAsync(App, Id("b"));
        await Of(world).ConfirmAsync(App, Id("never-refused"));

        var all = await Of(world).NoteAsync(App, Id("a"), Now, Window, 3);
        Assert.Equal([("a", false), ("b", true), ("c", false)], all.Select(refusal => (refusal.Id.Value, refusal.IsConfirmed)).Order());
    }

    private static async Task<IEnumerable<string>> NoteAsync(World world, string id, DateTimeOffset at) =>
        (await Of(world).NoteAsync(App, Id(id), at, Window, enough: 3)).Select(refusal => refusal.Id.Value).Order();

    private static IRefusals Of(World world, int gateway = 0) => world.Gateways[gateway].Services.GetRequiredService<IRefusals>();

    private static ConnectionId Id(string id) => ConnectionId.Parse(id, null);
}
