using System.Globalization;
using System.Text.Json.Nodes;

namespace AtlassianSimulator.Edge;

/// <summary>The answers that come from Atlassian's API gateway, before a product sees the request.</summary>
internal static class EdgeErrors
{
    private const string FailureCategory = "X-Failure-Category";

    public static Task UnauthorizedAsync(HttpContext http) =>
        Json.WriteAsync(http, new JsonObject { ["code"] = 401, ["message"] = "Unauthorized" }, 401);

    public static Task ScopeDoesNotMatchAsync(HttpContext http)
    {
        http.Response.Headers[FailureCategory] = "FAILURE_CLIENT_SCOPE_CHECK";
        return Json.WriteAsync(http, new JsonObject { ["code"] = 401, ["message"] = "Unauthorized; scope does not match" }, 401);
    }

    public static Task BasicIsNotAcceptedAsync(HttpContext http)
    {
        http.Response.Headers[FailureCategory] = "FAILURE_CLIENT_AUTH_MISMATCH";
        return UnauthorizedAsync(http);
    }

    public static Task NotPermittedAsync(HttpContext http, string product) =>
        Json.WriteAsync(http, new JsonObject { ["message"] = $"Current user not permitted to use {product}", ["statusCode"] = 403 }, 403);

    /// <summary>The gateway found no product behind the path: a wrong base URL or an unknown cloud id.</summary>
    public static Task NotFoundAsync(HttpContext http, TimeProvider clock) => Json.WriteAsync(http, new JsonObject
    {
        ["timestamp"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", CultureInfo.InvariantCulture),
        ["status"] = 404,
        ["error"] = "Not Found",
        ["message"] = "No message available",
        ["path"] = http.Request.Path.Value,
    }, 404);
}
