using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.Edge;

/// <summary>Writes JSON as Atlassian does (markup unescaped, no length announced) and reads it strictly.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For reading: a member that appears twice is an error at once, not when it is looked at.</summary>
    public static JsonDocumentOptions Strict { get; } = new() { AllowDuplicateProperties = false };

    public static ReadOnlyMemory<byte> Bytes(JsonNode node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Unescaped))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }

    public static async Task WriteAsync(HttpContext http, JsonNode node, int status = 200, string contentType = "application/json")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        await http.Response.Body.WriteAsync(Bytes(node), http.RequestAborted);
    }
}
