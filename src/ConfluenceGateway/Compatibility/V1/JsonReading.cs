using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Reads JSON that may lack any of its members.</summary>
internal static class JsonReading
{
    /// <summary>The text at the end of the path, numbers as they are written; null when something on the way is missing or of another kind.</summary>
    public static string? Text(this JsonNode? from, params ReadOnlySpan<string> path) =>
        At(from, path) is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            ? value.ToString()
            : null;

    /// <summary>The whole number at the end of the path, also when it is written as a text; null when there is none.</summary>
    public static int? Number(this JsonNode? from, params ReadOnlySpan<string> path) =>
        int.TryParse(Text(from, path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>What stands at the end of the path; null when something on the way is missing.</summary>
    public static JsonNode? At(this JsonNode? from, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            from = (from as JsonObject)?[name];
        }

        return from;
    }

    /// <summary>The objects of the list at the end of the path; none when there is no list.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? from, params ReadOnlySpan<string> path) =>
        (At(from, path) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Sets a member to a copy of what <paramref name="from"/> has, if it has it.</summary>
    public static void Copy(this JsonObject to, string name, JsonNode? from, string? fromName = null)
    {
        if ((from as JsonObject)?[fromName ?? name] is { } value)
        {
            to[name] = value.DeepClone();
        }
    }
}
