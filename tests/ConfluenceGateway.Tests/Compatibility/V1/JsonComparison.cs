using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>Where two JSON documents of v1 differ. The order of members means nothing, that of elements does.</summary>
internal static class JsonComparison
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] ContentTypes = ["page", "blogpost", "comment", "attachment"];

    // What the simulated Confluence draws by lot.
    private static readonly string[] DrawnByLot = [".fileId", ".markerRef"];

    /// <summary>The differences, each by its path, without the indices of elements.</summary>
    public static IEnumerable<JsonDifference> Of(JsonNode? expected, JsonNode? actual) => Of(expected, actual, "$", "");

    private static IEnumerable<JsonDifference> Of(JsonNode? expected, JsonNode? actual, string path, string content)
    {
        switch (expected, actual)
        {
            case (JsonObject before, JsonObject after):
                var inside = before["type"] is JsonValue type && ContentTypes.Contains(type.ToString()) ? type.ToString() : content;
                return before.Select(member => member.Key).Union(after.Select(member => member.Key)).SelectMany(name =>
                    !before.ContainsKey(name) ? [new JsonDifference($"{path}.{name}", inside, null, Text(after[name]))]
                    : !after.ContainsKey(name) ? [new JsonDifference($"{path}.{name}", inside, Text(before[name]), null)]
                    : Of(before[name], after[name], $"{path}.{name}", inside));
            case (JsonArray before, JsonArray after) when before.Count == after.Count:
                return Ordered(before).Zip(Ordered(after)).SelectMany(pair => Of(pair.First, pair.Second, $"{path}[*]", content));
            default:
                return JsonNode.DeepEquals(expected, actual) || AreTimesOfToday(expected, actual) || AreDrawnByLot(path, expected, actual)
                    ? []
                    : [new JsonDifference(path, content, Text(expected), Text(actual))];
        }
    }

    private static IEnumerable<JsonNode?> Ordered(JsonArray items) => Differences.MayBeInAnotherOrder(items) ? items.OrderBy(item => item!["id"]!.ToString(), StringComparer.Ordinal) : items;

    // What is written during a test is written a moment later in the other world.
    private static bool AreTimesOfToday(JsonNode? expected, JsonNode? actual) =>
        Moment(expected) is { } before && Moment(actual) is { } after && (before - after).Duration() < TimeSpan.FromMinutes(10);

    private static DateTimeOffset? Moment(JsonNode? node)
    {
        var moment = node is JsonValue number && number.TryGetValue<long>(out var milliseconds) && milliseconds is > 1_000_000_000_000 and < 10_000_000_000_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : node is JsonValue && DateTimeOffset.TryParseExact(node.ToString(), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : default;
        return moment.Year >= 2025 ? moment : null;
    }

    private static bool AreDrawnByLot(string path, JsonNode? expected, JsonNode? actual) =>
        DrawnByLot.Any(name => path.EndsWith(name, StringComparison.Ordinal)) && Guid.TryParse(expected?.ToString(), out _) && Guid.TryParse(actual?.ToString(), out _);

    private static string Text(JsonNode? node) => node?.ToJsonString(Readable) ?? "null";
}

/// <summary>A difference.</summary>
/// <param name="Path">Where.</param>
/// <param name="Content">The type of the content that it is in; empty when it is in none.</param>
/// <param name="Expected">What v1 itself says; null when it says nothing.</param>
/// <param name="Actual">What the gateway says; null when it says nothing.</param>
internal sealed record JsonDifference(string Path, string Content, string? Expected, string? Actual)
{
    public override string ToString() => $"{Path}: {Expected ?? "absent"} -> {Actual ?? "absent"}";
}
