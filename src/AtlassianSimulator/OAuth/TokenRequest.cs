using System.Text.Json;
using System.Text.Json.Nodes;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.OAuth;

/// <summary>The parameters of a token request, from JSON (documented) or a form (accepted too).</summary>
internal sealed class TokenRequest
{
    private readonly Dictionary<string, string> _parameters;

    private TokenRequest(Dictionary<string, string> parameters) => _parameters = parameters;

    /// <summary>The parameter; null when it is missing or empty.</summary>
    public string? this[string name] => _parameters.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Reads the request; null when its body is neither.</summary>
    public static async Task<TokenRequest?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (await FormBody.ReadAsync(request, cancellation) is { } form)
        {
            return new TokenRequest(form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal));
        }

        if (!request.HasJsonContentType())
        {
            return null;
        }

        try
        {
            return await JsonNode.ParseAsync(request.Body, documentOptions: Json.Strict, cancellationToken: cancellation) is JsonObject body
                ? new TokenRequest(body.ToDictionary(member => member.Key, member => Text(member.Value), StringComparer.Ordinal))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A string that is not Unicode text.
            return null;
        }
    }

    private static string Text(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var s) ? s : "";
}
