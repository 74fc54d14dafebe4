using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Conventions;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>There is no value that does nothing.</summary>
public sealed partial class EveryValueTests
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _before = new();

    [Fact]
    public async Task Every_value_that_is_changed_changes_what_is_rendered()
    {
        var leaves = ValuesFile.Parse(Repository.Read("charts", "confluence-gateway", "values.yaml")).Leaves;
        Assert.True(leaves.Count > 150, $"{leaves.Count} values were found");
        var idle = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(leaves, async (leaf, _) =>
        {
            if (!await DoesSomethingAsync(leaf.Path, OtherValues.For(leaf.Path, leaf.Value), OtherValues.Beside(leaf.Path)))
            {
                idle.Add(leaf.Path);
            }
        });
        Assert.Empty(idle.Order());
    }

    [Theory]
    [InlineData("global.nothing", "1", "")]
    [InlineData("embedded.persistence.size", "\"9Gi\"", "redis: {enabled: true}")]
    public async Task A_value_that_does_nothing_is_noticed(string path, string other, string beside) => Assert.False(await DoesSomethingAsync(path, other, beside));

    [Fact]
    public void What_is_said_of_a_value_is_said_of_one_that_there_is()
    {
        var paths = ValuesFile.Parse(Repository.Read("charts", "confluence-gateway", "values.yaml")).Leaves.Select(leaf => leaf.Path).ToList();
        Assert.Empty(OtherValues.Paths.Where(said => !paths.Any(path => path.StartsWith(said, StringComparison.Ordinal))));
    }

    private async Task<bool> DoesSomethingAsync(string path, string other, string beside)
    {
        var before = await _before.GetOrAdd(beside, new Lazy<Task<string>>(() => RenderedAsync(beside))).Value;
        return before != await RenderedAsync(beside, "--set-json", $"{path.Replace("kubernetes.io", "kubernetes\\.io", StringComparison.Ordinal)}={other}");
    }

    private static async Task<string> RenderedAsync(string values, params string[] more) => Random().Replace((await Helm.RenderAsync(values, more)).Text, "$1: made");

    // What is made anew by each rendering tells nothing.
    [GeneratedRegex(@"\b(admin-key|redis-password|ring\.pem): \S{30,}")]
    private static partial Regex Random();
}
