using AtlassianSimulator;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A simulated Atlassian, and gateways that share a store under a prefix of this test's own.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string ClientId = "simulator-client";
    public const string ClientSecret = "simulator-secret";
    public const string AdminKey = "cgwa_the-key-of-the-tests";
    public const string AcmeCloudId = "11111111-1111-4111-8111-111111111111";
    public const string GlobexCloudId = "22222222-2222-4222-8222-222222222222";

    private readonly WebApplication _simulator;
    private readonly string _connectionString;
    private readonly string _keyPrefix = $"t{Guid.NewGuid():N}:";
    private readonly HttpClient _control;
    private readonly List<TestGateway> _gateways = [];

    private World(WebApplication simulator, string connectionString)
    {
        _simulator = simulator;
        _connectionString = connectionString;
        SimulatorUrl = SimulatorApp.Addresses(simulator).Url;
        _control = new HttpClient(new SocketsHttpHandler()) { BaseAddress = SimulatorUrl };
        Atlassian = new SimulatorControl(_control);
    }

    public Uri SimulatorUrl { get; }

    /// <summary>Controls the simulated Atlassian.</summary>
    public SimulatorControl Atlassian { get; }

    /// <summary>The gateways' clock; move it with <see cref="AdvanceAsync"/>.</summary>
    public MovableClock Clock { get; } = new();

    /// <summary>The first gateway.</summary>
    public TestGateway Gateway => _gateways[0];

    public IReadOnlyList<TestGateway> Gateways => _gateways;

    public static async Task<World> StartAsync(string connectionString, int gateways = 1, params string[] settings)
    {
        var world = await StartWithoutGatewayAsync(connectionString);
        for (var started = 0; started < gateways; started++)
        {
            await world.AddGatewayAsync(settings);
        }

        return world;
    }

    /// <summary>One gateway on the embedded store, with these settings beside, whose connection <c>demo</c> has consented.</summary>
    public static async Task<World> ConnectedAsync(Stores stores, params string[] settings)
    {
        var world = await StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, settings);
        await world.Gateway.ConnectAsync("demo");
        return world;
    }

    public static async Task<World> StartWithoutGatewayAsync(string connectionString)
    {
        var simulator = SimulatorApp.Build("--Simulator:Url=http://127.0.0.1:0", "--Simulator:MediaUrl=http://127.0.0.1:0", "--Simulator:AutoConsent=true");
        await simulator.StartAsync();
        return new World(simulator, connectionString);
    }

    /// <summary>Starts one more gateway on the same store.</summary>
    public async Task<TestGateway> AddGatewayAsync(params string[] settings)
    {
        return await AddGatewayWithAsync([.. Settings(), .. settings]);
    }

    /// <summary>Starts one more gateway with these settings alone.</summary>
    public async Task<TestGateway> AddGatewayWithAsync(params string[] settings)
    {
        var gateway = await TestGateway.StartAsync(settings, Clock);
        _gateways.Add(gateway);
        return gateway;
    }

    /// <summary>Stops a gateway and starts another in its place.</summary>
    public async Task<TestGateway> RestartAsync(int index, params string[] settings)
    {
        await _gateways[index].DisposeAsync();
        return _gateways[index] = await TestGateway.StartAsync([.. Settings(), .. settings], Clock);
    }

    /// <summary>The settings of a gateway in this world.</summary>
    public string[] Settings() => [.. StoreSettings(), $"--Atlassian:ClientSecret={ClientSecret}"];

    /// <summary>The same without the client secret.</summary>
    public string[] StoreSettings() =>
    [
        $"--Redis:ConnectionString={_connectionString}", $"--Redis:KeyPrefix={_keyPrefix}", $"--Admin:ApiKey={AdminKey}", .. AtlassianSettings(),
    ];

    /// <summary>Where Atlassian is, and the app's id.</summary>
    public string[] AtlassianSettings() =>
        [$"--Atlassian:ClientId={ClientId}", $"--Atlassian:AuthBaseUrl={SimulatorUrl}", $"--Atlassian:ApiBaseUrl={SimulatorUrl}"];

    /// <summary>
    /// Moves the time of Atlassian and of the gateways, once no refresh is under way: one that sees time jump takes itself for having
    /// stood still, and gives up.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await Task.WhenAll(_gateways.Select(gateway => gateway.Services.GetRequiredService<RefreshFlights>().StopAsync(CancellationToken.None)));
        await Atlassian.AdvanceAsync(by);
        Clock.Advance(by);
    }

    /// <summary>The one grant there is.</summary>
    public async Task<GrantReport> GrantAsync() => Assert.Single(await Atlassian.GetGrantsAsync());

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        _control.Dispose();
        await _simulator.StopAsync();
        await _simulator.DisposeAsync();
    }
}
