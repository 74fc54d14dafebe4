using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ConfluenceGateway.Tests.Atlassian;

/// <summary>While the token endpoint refuses the app, it is asked now and then only.</summary>
public sealed class ConfigurationCircuitTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly IConfigurationRoot _settings = new ConfigurationBuilder().AddInMemoryCollection(
        new Dictionary<string, string?> { ["Atlassian:ClientId"] = "client", ["Atlassian:ClientSecret"] = "secret" }).Build();

    private readonly ServiceProvider _services;
    private readonly ConfigurationCircuit _circuit;

    public ConfigurationCircuitTests()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(_settings).AddSingleton<TimeProvider>(_time).AddSingleton<GatewayMetrics>();
        services.AddAtlassian();
        _services = services.BuildServiceProvider();
        _circuit = _services.GetRequiredService<ConfigurationCircuit>();
    }

    [Fact]
    public void Closed_it_lets_everybody_in()
    {
        Assert.True(_circuit.TryEnter(out _, out _));
        Assert.True(_circuit.TryEnter(out _, out _));
    }

    [Fact]
    public void Open_it_lets_one_in_for_each_interval()
    {
        _circuit.Open("401");

        Assert.False(_circuit.TryEnter(out _, out var wait));
        Assert.Equal(ConfigurationCircuit.ProbeInterval, wait);
        _time.Advance(wait);
        Assert.True(_circuit.TryEnter(out _, out _));
        Assert.False(_circuit.TryEnter(out _, out _));
    }

    [Fact]
    public void An_accepted_app_closes_it()
    {
        _circuit.Open("401");

        _circuit.Close();

        Assert.Null(_circuit.Evidence);
        Assert.True(_circuit.TryEnter(out _, out _));
        Assert.True(_circuit.TryEnter(out _, out _));
    }

    [Theory]
    [InlineData("Atlassian:ClientSecret", "another", null)]
    [InlineData("Atlassian:ClientSecret", "secret", "401")]
    [InlineData("Atlassian:ApiBaseUrl", "https://elsewhere.example", "401")]
    public void A_new_secret_closes_it_and_no_other_change_does(string key, string value, string? evidence)
    {
        _circuit.Open("401");

        _settings[key] = value;
        _settings.Reload();

        Assert.Equal(evidence, _circuit.Evidence);
    }

    public void Dispose() => _services.Dispose();
}
