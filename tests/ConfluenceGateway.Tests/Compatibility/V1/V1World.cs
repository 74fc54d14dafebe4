using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>A world whose gateway always serves removed operations by v2, and whose simulator was asked for nothing yet.</summary>
internal static class V1World
{
    public static async Task<World> StartAsync(Stores stores, params string[] settings)
    {
        var world = await World.ConnectedAsync(stores, ["--Compatibility:V1=Always", .. settings]);
        // The consent was followed by a look at the site.
        await world.Atlassian.ClearRequestsAsync();
        return world;
    }
}
