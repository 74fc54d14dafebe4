using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Conventions;
using YamlDotNet.Serialization;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>There is no value that does nothing.</summary>
public sealed partial class EveryValueTests
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly ISerializer Json = new SerializerBuilder().JsonCompatible().Build();

    [Fact]
    public async Task Every_value_that_is_changed_changes_what_is_rendered()
    {
        var leaves = ValuesFile.Parse(Repository.Read("charts", "confluence-gateway", "values.yaml")).Leaves;
        Assert.True(leaves.Count > 150, $"only {leaves.Count} values were found");
        Assert.Empty(await IdleAsync([.. leaves.Select(leaf => (leaf.Path, OtherValues.For(leaf.Path, leaf.Value), OtherValues.Beside(leaf.Path)))]));
    }

    [Fact]
    public async Task A_value_that_does_nothing_is_noticed() => Assert.Equal(
        ["embedded.persistence.size", "global.nothing"],
        await IdleAsync([("global.nothing", "1", ""), ("embedded.persistence.size", "\"9Gi\"", "redis: {enabled: true}"), ("redis.persistence.size", "\"9Gi\"", "redis: {enabled: true}")]));

    [Fact]
    public void What_is_said_of_a_value_is_said_of_one_that_there_is()
    {
        var paths = ValuesFile.Parse(Repository.Read("charts", "confluence-gateway", "values.yaml")).Leaves.Select(leaf => leaf.Path).ToList();
        Assert.All(OtherValues.Paths, said => Assert.Contains(paths, path => path.StartsWith(said, StringComparison.Ordinal)));
    }

    /// <summary>The paths at which another value changes nothing.</summary>
    private static async Task<IEnumerable<string>> IdleAsync(IReadOnlyList<(string Path, string Other, string Beside)> changes)
    {
        var contexts = changes.Select(change => change.Beside).Distinct().ToList();
        var rendered = await Variants.RenderAsync([.. contexts.Select(Read), .. changes.Select(change => With(Read(change.Beside), change.Path, change.Other))]);
        return changes.Where((change, index) => Told(rendered[contexts.Count + index]) == Told(rendered[contexts.IndexOf(change.Beside)])).Select(change => change.Path).Order(StringComparer.Ordinal);
    }

    private static JsonObject Read(string yaml) => yaml.Length == 0 ? [] : JsonNode.Parse(Json.Serialize(Yaml.Deserialize(yaml)!))!.AsObject();

    private static JsonObject With(JsonObject values, string path, string json)
    {
        var place = values;
        foreach (var part in path.Split('.')[..^1])
        {
            place.TryAdd(part, new JsonObject());
            place = place[part]!.AsObject();
        }

        place[path.Split('.')[^1]] = JsonNode.Parse(json);
        return values;
    }

    private static string Told(string rendered)
    {
        Assert.Contains("kind: Deployment", rendered, StringComparison.Ordinal);
        return MadeAnew().Replace(rendered, "$1: made");
    }

    // What is random in each rendering tells nothing.
    [GeneratedRegex(@"\b(admin-key|redis-password|ring\.pem): \S{30,}")]
    private static partial Regex MadeAnew();
}
