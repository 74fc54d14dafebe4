using System.Text.Json;
using System.Text.Json.Nodes;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.Control;

/// <summary>A control request that cannot be carried out, with the field to blame.</summary>
internal sealed class ControlInputException(string fieldName, string message) : Exception(message)
{
    public string Field => fieldName;
}

/// <summary>Reads the body of a control request and names the field that is wrong with it.</summary>
internal static class ControlInput
{
    /// <exception cref="ControlInputException">The body is not JSON, or a field is missing, unknown or unreadable.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext http, params string[] required)
    {
        JsonObject body;
        try
        {
            body = await JsonNode.ParseAsync(http.Request.Body, documentOptions: Json.Strict, cancellationToken: http.RequestAborted) as JsonObject
                ?? throw new ControlInputException("body", "must be a JSON object");
        }
        catch (JsonException)
        {
            throw new ControlInputException("body", "must be JSON");
        }

        var known = typeof(T).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).ToList();
        if (body.Select(member => member.Key).FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new ControlInputException(unknown, $"is not known here; known are {string.Join(", ", known)}");
        }

        foreach (var name in required)
        {
            if (body.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is null)
            {
                throw new ControlInputException(name, "is required");
            }
        }

        try
        {
            return body.Deserialize<T>(ControlJson.Options)!;
        }
        catch (JsonException unreadable)
        {
            throw new ControlInputException(unreadable.Path?.TrimStart('$', '.') is { Length: > 0 } field ? field : "body", "has a value that cannot be read");
        }
    }
}
