using System.Text.Json.Nodes;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.Confluence;

/// <summary>How long keys and values of properties may be, in both API versions.</summary>
internal static class PropertyLimits
{
    public const int LongestKey = 255;

    private const int LargestValue = 32 * 1024;

    public static bool IsTooLarge(JsonNode? value) => value is not null && Json.Bytes(value).Length > LargestValue;
}
