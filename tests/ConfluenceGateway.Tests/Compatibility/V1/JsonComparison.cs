using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>Where two JSON documents differ. The order of members means nothing, that of elements does.</summary>
internal static class JsonComparison
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The differences, each by its path, without the indices of elements.</summary>
    public static IEnumerable<JsonDifference> Of(JsonNode? expected, JsonNode? actual, string path = "$")
    {
        switch (expected, actual)
        {
            case (JsonObject before, JsonObject after):
                return before.Select(member => member.Key).Union(after.Select(member => member.Key)).SelectMany(name =>
                    !before.ContainsKey(name) ? [new JsonDifference($"{path}.{name}", null, Text(after[name]))]
                    : !after.ContainsKey(name) ? [new JsonDifference($"{path}.{name}", Text(before[name]), null)]
                    : Of(before[name], after[name], $"{path}.{name}"));
            case (JsonArray before, JsonArray after) when before.Count == after.Count:
                return before.Zip(after).SelectMany(pair => Of(pair.First, pair.Second, $"{path}[*]"));
            default:
                return JsonNode.DeepEquals(expected, actual) || AreTimesOfToday(expected, actual) ? [] : [new JsonDifference(path, Text(expected), Text(actual))];
        }
    }

    // What is written during a test is written a moment later in the other world.
    private static bool AreTimesOfToday(JsonNode? expected, JsonNode? actual) => Moment(expected) is { } before && Moment(actual) is { } after && (before - after).Duration() < TimeSpan.FromMinutes(10);

    private static DateTimeOffset? Moment(JsonNode? node) =>
        node is JsonValue && DateTimeOffset.TryParseExact(node.ToString(), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        && moment.Year >= 2025
            ? moment
            : null;

    private static string Text(JsonNode? node) => node?.ToJsonString(Readable) ?? "null";
}

/// <summary>A difference.</summary>
/// <param name="Path">Where.</param>
/// <param name="Expected">What v1 itself says; null when it says nothing.</param>
/// <param name="Actual">What the gateway says; null when it says nothing.</param>
internal sealed record JsonDifference(string Path, string? Expected, string? Actual)
{
    public override string ToString() => $"{Path}: {Expected ?? "absent"} -> {Actual ?? "absent"}";
}
