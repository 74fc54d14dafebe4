using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The JSON that a call of v1 sends.</summary>
internal static class SentJson
{
    /// <summary>The longest body that Confluence takes for content, in bytes.</summary>
    public const int LongestBody = 5 * 1024 * 1024;

    private static readonly JsonDocumentOptions Unambiguous = new() { AllowDuplicateProperties = false };

    /// <summary>The body is longer than that.</summary>
    public static V1Exception TooLong => V1Exception.TooLarge($"Requests for this resource can be at most {LongestBody} bytes");

    /// <summary>Reads the body of a request; null when it is no JSON, for the operation to say what it needs.</summary>
    /// <exception cref="V1Exception">It is too long.</exception>
    public static async Task<JsonNode?> ReadAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LongestBody)
            {
                throw TooLong;
            }
        }

        return Parse(body.GetBuffer().AsSpan(0, (int)body.Length));
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        json = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
        try
        {
            return Utf8.IsValid(json) && HasWholeTexts(json) ? JsonNode.Parse(json, documentOptions: Unambiguous) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Half of a character, such as "\ud83d" alone, is JSON and no text; it would be found out only where the text is used.
    private static bool HasWholeTexts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    reader.GetString();
                }
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
