namespace AtlassianSimulator.Tests.Running;

/// <summary>A test class each of whose tests has a simulator of its own.</summary>
public abstract class SimulatorTest(params string[] settings) : IAsyncLifetime
{
    protected RunningSimulator Simulator { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Simulator = await RunningSimulator.StartAsync(settings);

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>One simulator, and one of Alice's access tokens, for all read-only tests of a class.</summary>
public sealed class SharedSimulator : IAsyncLifetime
{
    public RunningSimulator Simulator { get; private set; } = null!;

    public string Token { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Simulator = await RunningSimulator.StartAsync();
        Token = await Simulator.AccessTokenAsync();
    }

    public ValueTask DisposeAsync() => Simulator.DisposeAsync();
}
