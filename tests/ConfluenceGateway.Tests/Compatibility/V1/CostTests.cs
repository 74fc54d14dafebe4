using System.Text.RegularExpressions;
using ConfluenceGateway.Compatibility.V1;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>What a call of v1 costs, as it is documented.</summary>
public sealed partial class CostTests(Stores stores)
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Operations = Table("### What a call costs");
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Expansions = Table("### What an expansion costs");

    public static TheoryData<string> OperationNames => [.. V1Operations.All.Select(operation => operation.Name)];

    public static TheoryData<string> ExpansionNames => [.. Expansions.Keys];

    [Fact]
    public void Every_operation_is_documented_and_no_other() =>
        Assert.Equal(V1Operations.All.Select(operation => operation.Name), Operations.Keys);

    [Theory]
    [MemberData(nameof(OperationNames))]
    public async Task A_call_costs_what_is_documented(string operation)
    {
        await using var world = await CostWorld.StartAsync(stores);
        var (path, body) = CostRequests.All[operation];
        var method = operation.Split(' ')[0];

        AssertDocumented(Operations[operation], Cell(await world.CallsAsync(method, path, body, 1)), Cell(await world.CallsAsync(method, path, body, 2)));
    }

    [Theory]
    [MemberData(nameof(ExpansionNames))]
    public async Task An_expansion_costs_what_is_documented(string expansion)
    {
        await using var world = await CostWorld.StartAsync(stores);
        await world.CallsAsync("GET", $"content/98305?expand={expansion}");
        await world.CallsAsync("GET", $"content?spaceKey=DEMO&limit=5&expand={expansion}");

        var one = await world.CallsAsync("GET", $"content/98305?expand={expansion}");
        var five = await world.CallsAsync("GET", $"content?spaceKey=DEMO&limit=5&expand={expansion}");

        AssertDocumented(
            Expansions[expansion],
            Cell([.. one.Where((_, index) => index != one.ToList().IndexOf("pages/{id}"))]),
            five.Count switch { 1 => "0", 2 => "1 for all", 6 or 11 => $"{(five.Count - 1) / 5} for each", var count => $"{count - 1}" });
    }

    private static void AssertDocumented(IReadOnlyList<string> documented, params string[] measured) =>
        Assert.True(documented.Take(2).SequenceEqual(measured), $"documented: {documented[0]} | {documented[1]}, measured: {string.Join(" | ", measured)}");

    // "2: `pages/{id}`, `spaces`"
    private static string Cell(IReadOnlyList<string> calls) => calls.Count == 0 ? "0" : $"{calls.Count}: {string.Join(", ", calls.Select(call => $"`{call}`"))}";

    /// <summary>The rows below a heading, by what stands first in each.</summary>
    private static Dictionary<string, IReadOnlyList<string>> Table(string heading)
    {
        var document = Repository.Read("docs", "compatibility.md");
        var from = document.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(from >= 0, heading);
        return document[from..].Split('\n').SkipWhile(line => !line.StartsWith('|')).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => Cells().Split(line.Trim('|')).Select(cell => cell.Trim()).ToList())
            .ToDictionary(cells => cells[0].Trim('`'), IReadOnlyList<string> (cells) => cells[1..]);
    }

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Cells();
}
