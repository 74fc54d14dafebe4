using System.Net;
using System.Net.Http.Json;
using AtlassianSimulator;
using AtlassianSimulator.Control;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>Two connections to one site whose v1 is served as before: <c>forwarded</c> gets v1's own answers, <c>translated</c> the gateway's.</summary>
public sealed class TwinConnections(Stores stores) : IAsyncLifetime
{
    // Inline tasks alone want scopes of their own in v1.
    private const string Scopes = "read:inlinetask:confluence write:inlinetask:confluence";

    private World? _world;

    internal World World => _world!;

    internal HttpClient App => _world!.Gateway.App;

    public async ValueTask InitializeAsync()
    {
        _world = await StartAsync(stores);
        foreach (var (path, body) in new[]
        {
            ("space/DEMO/property", """{"key":"colour","value":{"name":"blue"}}"""),
            ("content/98345/label", """[{"prefix":"global","name":"fresh"},{"prefix":"global","name":"news"}]"""),
            ("content", """{"type":"comment","container":{"id":"98305","type":"page"},"ancestors":[{"id":"98341"}],"body":{"storage":{"value":"<p>third level</p>","representation":"storage"}}}"""),
            ("content", """{"type":"page","title":"Half done","status":"draft","space":{"key":"DEMO"},"body":{"storage":{"value":"<p>half</p>","representation":"storage"}}}"""),
        })
        {
            Assert.Equal(HttpStatusCode.OK, (await V1Reply.OfAsync(App, "forwarded", "POST", path, body)).Status);
        }

        using var resolved = await App.PutAsJsonAsync("/confluence/forwarded/wiki/api/v2/inline-comments/98343", new { version = new { number = 2 }, resolved = true, body = new { representation = "storage", value = "<p>Yes.</p>" } });
        Assert.Equal(HttpStatusCode.OK, resolved.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await V1Reply.OfAsync(App, "forwarded", "DELETE", "content/98311")).Status);
    }

    public async ValueTask DisposeAsync() => await _world!.DisposeAsync();

    /// <summary>A world with both connections.</summary>
    internal static async Task<World> StartAsync(Stores stores)
    {
        var standard = new AtlassianOptions().Scopes;
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, $"--Atlassian:Scopes={standard} {Scopes}");
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { RemovedV1 = RemovedV1.Served });
        foreach (var (connection, service) in new[] { ("forwarded", "off"), ("translated", "always") })
        {
            await world.Gateway.ConnectAsync(connection);
            using var chosen = await world.Gateway.Operator.PutAsJsonAsync($"/api/v1/connections/{connection}", new { compatibility = new { v1 = service } });
            Assert.True(chosen.IsSuccessStatusCode);
        }

        return world;
    }
}
