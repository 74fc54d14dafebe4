using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AtlassianSimulator;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;

namespace ConfluenceGateway.Chaos.Replicas;

/// <summary>A connection, and the grant that the simulator gave for it.</summary>
internal sealed record ConnectedGrant(string ConnectionId, string GrantId);

/// <summary>What the store holds for a connection.</summary>
internal sealed record StoredPair(long Generation, string Fingerprint, bool HasIntent, string State);

/// <summary>Replicas as processes, the store they share, and a simulated Atlassian.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string KeyPrefix = "chaos:";
    private readonly WebApplication _simulator;
    private readonly HttpClient _control;
    private readonly List<Replica> _replicas = [];
    private readonly List<ConnectedGrant> _connections = [];

    private Cluster(WebApplication simulator, SharedStore store, ClusterSettings settings)
    {
        _simulator = simulator;
        Store = store;
        var url = SimulatorApp.Addresses(simulator).Url;
        _control = new HttpClient(new SocketsHttpHandler()) { BaseAddress = url };
        Atlassian = new SimulatorControl(_control);
        string[] shared =
        [
            $"--Redis:ConnectionString={store.ConnectionString}", $"--Redis:KeyPrefix={KeyPrefix}",
            "--Atlassian:ClientId=simulator-client", "--Atlassian:ClientSecret=simulator-secret", $"--Atlassian:AuthBaseUrl={url}", $"--Atlassian:ApiBaseUrl={url}",
            $"--Refresh:ExchangeTimeout={settings.ExchangeTimeout:c}", "--Refresh:WaitBudget=00:00:04", "--Refresh:Skew=00:00:01.5", "--Refresh:Ahead=00:00:10",
        ];
        _replicas.AddRange(Enumerable.Range(1, settings.Replicas).Select(number => new Replica($"replica {number}", shared)));
    }

    public SharedStore Store { get; }

    /// <summary>Controls the simulated Atlassian.</summary>
    public SimulatorControl Atlassian { get; }

    public IReadOnlyList<Replica> Replicas => _replicas;

    public IReadOnlyList<ConnectedGrant> Connections => _connections;

    public static async Task<Cluster> StartAsync(ClusterSettings settings)
    {
        var simulator = SimulatorApp.Build(
            "--Simulator:Url=http://127.0.0.1:0", "--Simulator:MediaUrl=http://127.0.0.1:0", "--Simulator:AutoConsent=true",
            $"--Simulator:AccessTokenLifetime={settings.TokenLifetime:c}", $"--Simulator:ReuseInterval={settings.ReuseInterval:c}");
        await simulator.StartAsync();
        var cluster = new Cluster(simulator, await SharedStore.StartAsync(settings.Persistence, settings.Follower), settings);
        try
        {
            await Task.WhenAll(cluster._replicas.Select((replica, index) => replica.StartAsync(index == 0 ? [.. settings.OfTheFirst] : [])));
            // The key ring is made by one replica, and the others have it a moment later: until then no balancer sends them a request.
            await Task.WhenAll(cluster._replicas.Select(ReadyAsync));
            foreach (var number in Enumerable.Range(1, settings.Connections))
            {
                await cluster.ConnectAsync($"c{number}", lasting: true);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the store holds for a connection.</summary>
    public async Task<StoredPair> StoredAsync(string connectionId)
    {
        var stored = (string?[])(await Store.Primary.ExecuteAsync(
            "HMGET", $"{KeyPrefix}{{{connectionId}}}:grant", "generation", "fingerprint", "intent_attempt", "state"))!;
        return new StoredPair(long.Parse(stored[0]!, CultureInfo.InvariantCulture), stored[1]!, stored[2] is not null, stored[3]!);
    }

    /// <summary>Whether the store knows of an exchange that is going on, or whose replica never told its end.</summary>
    public async Task<bool> HasOpenExchangeAsync(string connectionId) =>
        (bool)await Store.Primary.ExecuteAsync("HEXISTS", $"{KeyPrefix}{{{connectionId}}}:grant", "intent_attempt");

    /// <summary>Makes a connection and consents for it.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="lasting">Whether its grant is to live: then it is in the traffic and in the account.</param>
    public async Task<ConnectedGrant> ConnectAsync(string id, bool lasting)
    {
        var before = await GrantIdsAsync();
        var @operator = _replicas[0].Operator;
        await ReadyAsync(_replicas[0]);
        using var made = await @operator.PutAsJsonAsync($"/api/v1/connections/{id}", new { siteUrl = "https://acme.atlassian.net" });
        made.EnsureSuccessStatusCode();
        using var link = await @operator.PostAsync($"/api/v1/connections/{id}/connect-link", null);
        using var browser = new Browser();
        var page = await browser.ConnectAsync((await link.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").Deserialize<Uri>()!);
        Assert.Equal("Connected", page.Heading);
        var connected = new ConnectedGrant(id, Assert.Single((await GrantIdsAsync()).Except(before)));
        if (lasting)
        {
            _connections.Add(connected);
        }

        return connected;
    }

    private static Task ReadyAsync(Replica replica) =>
        Eventually.TrueAsync(async () => (await replica.Operator.GetAsync("/health/ready")).IsSuccessStatusCode, $"{replica.Name} is ready");

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await Store.DisposeAsync();
        _control.Dispose();
        await _simulator.StopAsync();
        await _simulator.DisposeAsync();
    }

    private async Task<IReadOnlyList<string>> GrantIdsAsync() => [.. (await Atlassian.GetGrantsAsync()).Select(grant => grant.Id)];
}
