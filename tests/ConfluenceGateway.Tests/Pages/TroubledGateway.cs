using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>Two replicas after a bad week, on a Redis that keeps nothing on disk; made once for all pages that are looked at.</summary>
public sealed class TroubledGateway(Stores stores) : IAsyncDisposable
{
    private readonly Lazy<Task<World>> _world = new(() => StartAsync(stores));

    internal Task<World> WorldAsync() => _world.Value;

    public async ValueTask DisposeAsync()
    {
        if (_world.IsValueCreated)
        {
            await (await _world.Value).DisposeAsync();
        }
    }

    private static async Task<World> StartAsync(Stores stores)
    {
        var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Redis), gateways: 2, "--Refresh:KeepAliveAfter=60.00:00:00", $"--Admin:ViewerApiKey={Operator.ViewerKey}");
        await Fleet.ServeAsync(world);
        await Fleet.SufferAsync(world);
        return world;
    }
}
