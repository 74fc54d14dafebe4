using System.Text.Json;

namespace ConfluenceGateway.Proxy;

/// <summary>Tells what a 401 of the upstream is about.</summary>
internal static class Rejections
{
    private const string FailureCategory = "X-Failure-Category";
    private const string ScopeFailure = "FAILURE_CLIENT_SCOPE_CHECK";
    private const int LongestErrorBody = 16 * 1024;

    /// <summary>Why <paramref name="answer"/> is a 401. Its body can still be read afterwards.</summary>
    public static async ValueTask<Rejection> OfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Headers.TryGetValues(FailureCategory, out var categories))
        {
            return categories.Contains(ScopeFailure, StringComparer.OrdinalIgnoreCase) ? Rejection.Scope : Rejection.Token;
        }

        // Without the header only the message is left to tell. A refresh would not widen the scopes, it would only burn a rotation.
        return await MessageAsync(answer.Content, cancellationToken) is { } message
            && message.Contains("scope does not match", StringComparison.OrdinalIgnoreCase)
                ? Rejection.Scope
                : Rejection.Token;
    }

    private static async Task<string?> MessageAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > LongestErrorBody || content.Headers.ContentEncoding.Count > 0)
        {
            return null;
        }

        try
        {
            await content.LoadIntoBufferAsync(LongestErrorBody, cancellationToken);
            using var body = await JsonDocument.ParseAsync(await content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            return body.RootElement is { ValueKind: JsonValueKind.Object } error && error.TryGetProperty("message", out var message) ? message.ToString() : null;
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException)
        {
            return null;
        }
    }
}

/// <summary>What a 401 of the upstream is about.</summary>
internal enum Rejection
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>The token lacks a scope: another token of the same grant lacks it too.</summary>
    Scope,

    /// <summary>The token itself is not accepted.</summary>
    Token,
}
