using System.Text.Json.Nodes;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>A v1 request that ends in an error.</summary>
/// <param name="javaType">The last part of the Java class that Confluence names in its message.</param>
internal sealed class V1Exception(int status, string javaType, string message, bool authorized = true, bool valid = true) : Exception(message)
{
    public int Status => status;

    public JsonObject Body => new()
    {
        ["statusCode"] = status,
        ["data"] = new JsonObject
        {
            ["authorized"] = authorized,
            ["valid"] = valid,
            ["errors"] = new JsonArray(),
            ["successful"] = authorized && valid,
        },
        ["message"] = $"com.atlassian.confluence.api.service.exceptions.{javaType}: {Message}",
    };

    public static V1Exception NotFound(string what) => new(404, "NotFoundException", what, valid: true);

    public static V1Exception Invalid(string what) => new(400, "BadRequestException", what, valid: false);

    public static V1Exception Conflict(string what) => new(409, "ConflictException", what, valid: false);

    public static V1Exception TooLarge(string what) => new(413, "RequestEntityTooLargeException", what, valid: false);

    public static V1Exception NotSupported(string what) => new(501, "NotImplementedServiceException", what, valid: false);

    public static V1Exception Gone => new(410, "GoneException", "This deprecated endpoint has been removed.");
}

/// <summary>The v1 errors that come without an operation.</summary>
internal static class V1Errors
{
    public static Task ForbiddenAsync(HttpContext http) =>
        Json.WriteAsync(http, new V1Exception(403, "PermissionException", "Could not view the content for the request", authorized: false).Body, 403);
}
