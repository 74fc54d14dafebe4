using System.Text.Json.Nodes;
using NJsonSchema;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>What Atlassian's specification says that the answers of v1 look like: the schemas alone, of the operations that were removed.</summary>
internal static class V1Schema
{
    private static readonly JsonObject All = Read();
    private static readonly Dictionary<string, Lazy<Task<JsonSchema>>> Schemas = All["operations"]!.AsObject().ToDictionary(
        operation => operation.Key,
        operation => new Lazy<Task<JsonSchema>>(() => JsonSchema.FromJsonAsync(new JsonObject { ["allOf"] = new JsonArray(operation.Value!.DeepClone()), ["definitions"] = All["definitions"]!.DeepClone() }.ToJsonString())),
        StringComparer.Ordinal);

    /// <summary>The operations that it describes.</summary>
    public static IEnumerable<string> Operations => Schemas.Keys;

    /// <summary>Where an answer is not what the specification says, as paths, each with what is wrong there.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(string operation, string json)
    {
        var schema = await Schemas[operation].Value;
        return [.. schema.Validate(json).SelectMany(Leaves).Select(error => $"{error.Path} {error.Kind}").Distinct(StringComparer.Ordinal)];
    }

    // "Not all of" and "not any of" say nothing; what is below them does.
    private static IEnumerable<NJsonSchema.Validation.ValidationError> Leaves(NJsonSchema.Validation.ValidationError error) =>
        error is NJsonSchema.Validation.ChildSchemaValidationError { Errors.Count: > 0 } parent ? parent.Errors.Values.SelectMany(errors => errors).SelectMany(Leaves) : [error];

    private static JsonObject Read()
    {
        using var stream = typeof(V1Schema).Assembly.GetManifestResourceStream("confluence-v1-schemas.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
