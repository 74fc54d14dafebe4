using System.IO.Compression;
using System.Net;
using System.Text.Json;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Proxy;

/// <summary>Tells what a 401 or a 403 of the upstream is about.</summary>
internal static class Rejections
{
    private const string FailureCategory = "X-Failure-Category";
    private const string ScopeFailure = "FAILURE_CLIENT_SCOPE_CHECK";
    private const int LongestErrorBody = 16 * 1024;

    /// <summary>Why <paramref name="answer"/> denies its token, if it does. Its body can still be read afterwards.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="pair">The token. Once it has ended by its own expiry, Atlassian treats it as nobody's, and what nobody may see is forbidden or not found.</param>
    /// <param name="time">Tells whether it has.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static ValueTask<Rejection> OfAsync(HttpResponseMessage? answer, TokenPair pair, TimeProvider time, CancellationToken cancellationToken) => answer?.StatusCode switch
    {
        HttpStatusCode.Unauthorized => OfUnauthorizedAsync(answer, cancellationToken),
        HttpStatusCode.Forbidden or HttpStatusCode.NotFound when pair.ExpiresAt <= time.GetUtcNow() => new ValueTask<Rejection>(Rejection.Token),
        HttpStatusCode.Forbidden => OfForbiddenAsync(answer, cancellationToken),
        _ => new ValueTask<Rejection>(Rejection.None),
    };

    // "Current user not permitted to use Confluence": what else is forbidden is about the content.
    private static async ValueTask<Rejection> OfForbiddenAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        await MessageAsync(answer, cancellationToken) is { } message && message.Contains("not permitted to use", StringComparison.OrdinalIgnoreCase)
            ? Rejection.Site
            : Rejection.None;

    private static async ValueTask<Rejection> OfUnauthorizedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Headers.TryGetValues(FailureCategory, out var categories))
        {
            return categories.Contains(ScopeFailure, StringComparer.OrdinalIgnoreCase) ? Rejection.Scope : Rejection.Token;
        }

        // Without the header only the message is left to tell. A refresh would not widen the scopes, it would only burn a rotation.
        return await MessageAsync(answer, cancellationToken) is { } message
            && message.Contains("scope does not match", StringComparison.OrdinalIgnoreCase)
                ? Rejection.Scope
                : Rejection.Token;
    }

    private static async Task<string?> MessageAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var content = answer.Content;
        if (content.Headers.ContentLength > LongestErrorBody)
        {
            return null;
        }

        // Not the content's own buffer: a body that turns out to be too long for that would be lost, and it is the caller's.
        var body = new ReplayableBody(await content.ReadAsStreamAsync(cancellationToken), LongestErrorBody + 1);
        answer.Content = new PeekedContent(content, body);
        var start = new byte[LongestErrorBody + 1];
        try
        {
            var length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
            body.TryRewind();
            if (length > LongestErrorBody)
            {
                return null;
            }

            using var json = JsonDocument.Parse(Decoded(start.AsSpan(0, length), content.Headers.ContentEncoding.SingleOrDefault()));
            return json.RootElement is { ValueKind: JsonValueKind.Object } error && error.TryGetProperty("message", out var message) ? message.ToString() : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Decoded(ReadOnlySpan<byte> body, string? encoding)
    {
        var source = new MemoryStream(body.ToArray());
        using Stream? decoder = encoding?.ToLowerInvariant() switch
        {
            null or "identity" => source,
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            "deflate" => new ZLibStream(source, CompressionMode.Decompress),
            _ => throw new InvalidDataException(),
        };
        // A few bytes can stand for very many.
        var decoded = new byte[LongestErrorBody];
        return decoded.AsMemory(0, decoder.ReadAtLeast(decoded, decoded.Length, throwOnEndOfStream: false));
    }

    /// <summary>A content whose beginning was read, given from there again.</summary>
    private sealed class PeekedContent : StreamContent
    {
        private readonly HttpContent _content;

        public PeekedContent(HttpContent content, ReplayableBody body)
            : base(body)
        {
            _content = content;
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override void Dispose(bool disposing)
        {
            _content.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>Why the upstream denies a token.</summary>
internal enum Rejection
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The token is good, and may not be used on the site.</summary>
    Site,

    /// <summary>The token lacks a scope: another token of the same grant lacks it too.</summary>
    Scope,

    /// <summary>The token itself is not accepted.</summary>
    Token,
}
