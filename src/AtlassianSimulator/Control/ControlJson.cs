using System.Text.Json;
using System.Text.Json.Serialization;

namespace AtlassianSimulator.Control;

/// <summary>The JSON of the control API: camelCase, enums by name, durations as <c>d.hh:mm:ss</c>, unknown members refused.</summary>
internal static class ControlJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
    };
}
