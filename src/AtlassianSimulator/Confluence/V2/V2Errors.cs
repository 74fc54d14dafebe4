using System.Text.Json.Nodes;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.Confluence.V2;

/// <summary>A v2 request that ends in an error.</summary>
internal sealed class V2Exception(int status, string code, string title, string? detail = null) : Exception(title)
{
    public int Status => status;

    public JsonObject Body => V2Errors.Body(status, code, Message, detail);

    public static V2Exception NotFound(string? detail = null) => new(404, "NOT_FOUND", "Not Found", detail);

    public static V2Exception InvalidParameter(string name, string value, string expected) =>
        new(400, "INVALID_REQUEST_PARAMETER", $"Provided value {{{value}}} for '{name}' is not the correct type. Expected type is {expected}");

    public static V2Exception Invalid(string title) => new(400, "INVALID_REQUEST_PARAMETER", title);

    public static V2Exception TooLarge(string title) => new(413, "PAYLOAD_TOO_LARGE", title);

    public static V2Exception Conflict(string title) => new(409, "CONFLICT", title);
}

/// <summary>The error bodies of v2.</summary>
internal static class V2Errors
{
    public static JsonObject Body(int status, string code, string title, string? detail) => new()
    {
        ["errors"] = new JsonArray(new JsonObject { ["status"] = status, ["code"] = code, ["title"] = title, ["detail"] = detail }),
    };

    /// <summary>No permission and absent look the same.</summary>
    public static Task NotFoundAsync(HttpContext http) => Json.WriteAsync(http, V2Exception.NotFound().Body, 404);
}
