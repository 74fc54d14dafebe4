using System.Text.Json;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.Tests.Running;

/// <summary>Compares JSON with an expectation written out by hand, member by member.</summary>
internal static class Shape
{
    /// <param name="members">
    /// <c>name:kind</c>, where kind is string, number, bool, object, array, time, or any of them with <c>?</c> for "or null".
    /// Nothing may be missing and nothing may be there beside them.
    /// </param>
    public static void Is(JsonNode? node, params string[] members)
    {
        var actual = Assert.IsType<JsonObject>(node);
        var expected = members.Select(member => member.Split(':')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Select(member => member.Key).Order(StringComparer.Ordinal));
        foreach (var (name, kind) in expected)
        {
            Assert.True(Fits(actual[name], kind), $"{name} should be {kind}, but is {actual[name]?.ToJsonString() ?? "null"}");
        }
    }

    private static bool Fits(JsonNode? value, string kind) => (value?.GetValueKind(), kind.TrimEnd('?')) switch
    {
        (null, _) => kind.EndsWith('?'),
        (JsonValueKind.String, "string") => true,
        (JsonValueKind.String, "time") => DateTimeOffset.TryParse(value!.ToString(), System.Globalization.CultureInfo.InvariantCulture, out _),
        (JsonValueKind.Number, "number") => true,
        (JsonValueKind.True or JsonValueKind.False, "bool") => true,
        (JsonValueKind.Object, "object") => true,
        (JsonValueKind.Array, "array") => true,
        _ => false,
    };
}
