namespace AtlassianSimulator.Edge;

/// <summary>Reads the credentials of a request.</summary>
internal static class Credentials
{
    private const string BearerScheme = "Bearer ";

    public static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } value && value.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)
            ? value[BearerScheme.Length..].Trim()
            : null;

    public static bool IsBasic(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
}
