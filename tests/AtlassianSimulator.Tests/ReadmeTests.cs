using System.Text.Json;
using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;

namespace AtlassianSimulator.Tests;

/// <summary>What can be set is documented.</summary>
public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));

    [Fact]
    public void Names_every_option() => AssertNames(typeof(SimulatorOptions).GetProperties().Select(property => $"| `Simulator:{property.Name}` |"));

    [Fact]
    public void Names_every_setting_that_can_change() =>
        AssertNames(typeof(SimulatorSettingsChange).GetProperties().Select(property => $"`{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}`"));

    [Fact]
    public void Names_every_kind_of_fault_and_every_endpoint() =>
        AssertNames([.. Enum.GetNames<FaultKind>().Select(kind => $"| `{kind}` |"), .. Enum.GetNames<FaultEndpoint>().Select(endpoint => $"`{endpoint}`")]);

    private static void AssertNames(IEnumerable<string> names) =>
        Assert.All(names, name => Assert.Contains(name, Readme, StringComparison.Ordinal));
}
