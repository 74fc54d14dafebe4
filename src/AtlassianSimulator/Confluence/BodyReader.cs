using System.Text.Json;
using System.Text.Json.Nodes;
using AtlassianSimulator.Confluence.V1;
using AtlassianSimulator.Confluence.V2;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.Confluence;

/// <summary>Reads the JSON that a request carries, up to Confluence's limit.</summary>
internal static class BodyReader
{
    private const int Most = 5 * 1024 * 1024;

    /// <returns>Null without a body, or when it is not JSON: the operation reports what is missing in its own API's words.</returns>
    public static async Task<JsonNode?> ReadAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method) && !HttpMethods.IsPut(http.Request.Method))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(await ReadBytesAsync(http), documentOptions: Json.Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is > 0 and var read)
        {
            body.Write(buffer.AsSpan(0, read));
            if (body.Length > Most)
            {
                throw TooLarge(http);
            }
        }

        return body.ToArray();
    }

    private static Exception TooLarge(HttpContext http)
    {
        const string Message = "The request is larger than 5242880 bytes";
        return http.Request.Path.Value?.Contains("/api/v2/", StringComparison.Ordinal) == true ? V2Exception.TooLarge(Message) : V1Exception.TooLarge(Message);
    }
}
