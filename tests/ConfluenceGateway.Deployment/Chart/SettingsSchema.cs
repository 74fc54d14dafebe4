using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>What <c>config</c> may hold, as JSON schema: the settings that the gateway's options have, and no others.</summary>
internal static class SettingsSchema
{
    /// <summary>The options by the name of their section.</summary>
    public static IReadOnlyDictionary<string, Type> Sections { get; } = typeof(ListenOptions).Assembly.GetTypes()
        .Select(type => (Type: type, Name: type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string))
        .Where(found => found.Name is not null)
        .ToDictionary(found => found.Name!, found => found.Type);

    /// <summary>Every setting, such as <c>Listen:DrainDelay</c>.</summary>
    public static IEnumerable<string> Keys => Sections.SelectMany(section => Properties(section.Value).Select(property => $"{section.Key}:{property.Name}"));

    /// <summary>The definition <c>config</c> of the chart's schema.</summary>
    public static JsonObject Make()
    {
        var root = Section();
        foreach (var (name, type) in Sections.OrderBy(section => section.Key, StringComparer.Ordinal))
        {
            // A section may lie in another one, as Admin:Oidc does.
            var place = name.Split(':').Aggregate(root, Below);
            foreach (var property in Properties(type).OrderBy(property => property.Name, StringComparer.Ordinal))
            {
                ((JsonObject)place["properties"]!)[property.Name] = Form(property.PropertyType);
            }
        }

        // Levels of any logger: what the framework reads, not the gateway.
        ((JsonObject)root["properties"]!)["Logging"] = new JsonObject { ["type"] = "object" };
        return root;
    }

    private static IEnumerable<PropertyInfo> Properties(Type options) => options.GetProperties().Where(property => property.CanWrite);

    private static JsonObject Below(JsonObject section, string name)
    {
        var properties = (JsonObject)section["properties"]!;
        properties.TryAdd(name, Section());
        return (JsonObject)properties[name]!;
    }

    private static JsonObject Section() => new() { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = new JsonObject() };

    private static JsonObject Form(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(bool) => new() { ["type"] = "boolean" },
        var t when t == typeof(string) => new() { ["type"] = "string" },
        var t when t == typeof(string[]) => new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
        var t when t == typeof(TimeSpan) => new() { ["type"] = "string", ["pattern"] = @"^([0-9]+\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}$" },
        var t when t == typeof(int) || t == typeof(long) => new() { ["type"] = "integer" },
        { IsEnum: true } t => new() { ["enum"] = new JsonArray([.. Enum.GetNames(t).Select(name => JsonValue.Create(name))]) },
        var t => throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"The schema has no form for {t}.")),
    };
}
