using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace ConfluenceGateway.Compatibility;

/// <summary>Rewrites the links in Atlassian's answers, for apps that follow absolute ones.</summary>
internal static class LinkRewriting
{
    // They describe bytes that are no longer sent: RFC 1864, RFC 3230, RFC 9530.
    private static readonly string[] Digests = ["Digest", "Content-Digest", "Repr-Digest"];
    private static readonly string[] ContentHeadersOfTheBytes = ["Content-Length", "Content-Encoding", "Content-MD5", .. Digests];

    // What can be decoded.
    private static readonly string[] Codings = ["gzip", "x-gzip", "br", "deflate", "identity"];

    /// <summary>Leaves of the content codings that the app accepts those that can be decoded here.</summary>
    public static void Prepare(HttpRequestHeaders request)
    {
        if (request.NonValidated.TryGetValues("Accept-Encoding", out var accepted))
        {
            var known = accepted.ToString().Split(',', StringSplitOptions.TrimEntries).Where(coding => Codings.Contains(coding.Split(';')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase));
            request.Remove("Accept-Encoding");
            request.TryAddWithoutValidation("Accept-Encoding", string.Join(", ", known.DefaultIfEmpty("identity")));
        }
    }

    /// <summary>
    /// Gives <paramref name="answer"/> a content whose links are rewritten as it is read, without a content coding, and the headers
    /// that belong to it. A body that is not decodable throws as it is read: its answer cannot be finished.
    /// </summary>
    /// <param name="method">The method of the request: the answer to HEAD has no content, whatever its headers say.</param>
    /// <returns>False when there is no whole JSON to rewrite, or its coding is not known: the answer stays as it was.</returns>
    public static bool TryApply(HttpResponseMessage answer, string method, IReadOnlyList<LinkRule> rules)
    {
        var original = answer.Content;
        if (rules.Count == 0 || HttpMethods.IsHead(method) || !IsWhole(answer) || !IsJson(original.Headers.ContentType)
            || !TryDecode(original, out var body))
        {
            return false;
        }

        answer.Content = new StreamContent(new LinkRewritingStream(body, rules));
        foreach (var (name, values) in original.Headers.NonValidated)
        {
            if (!ContentHeadersOfTheBytes.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                answer.Content.Headers.TryAddWithoutValidation(name, values);
            }
        }

        foreach (var digest in Digests)
        {
            answer.Headers.Remove(digest);
        }

        // A strong tag promises the same bytes.
        if (answer.Headers.ETag is { IsWeak: false } strong)
        {
            answer.Headers.ETag = new EntityTagHeaderValue(strong.Tag, isWeak: true);
        }

        return true;
    }

    private static bool IsWhole(HttpResponseMessage answer) =>
        answer.Content.Headers.ContentLength != 0
        && answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.PartialContent or HttpStatusCode.NotModified);

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        type?.MediaType is { } name
        && (name.Equals("application/json", StringComparison.OrdinalIgnoreCase) || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private static bool TryDecode(HttpContent content, [NotNullWhen(true)] out Stream? body)
    {
        Func<Stream, Stream>? decoder = string.Join(',', content.Headers.ContentEncoding).ToLowerInvariant() switch
        {
            "" or "identity" => encoded => encoded,
            "gzip" or "x-gzip" => encoded => new DecodedBody(encoded, body => new GZipStream(body, CompressionMode.Decompress)),
            "br" => encoded => new DecodedBody(encoded, body => new BrotliStream(body, CompressionMode.Decompress)),
            "deflate" => encoded => new DecodedBody(encoded, body => new ZLibStream(body, CompressionMode.Decompress)),
            _ => null,
        };
        body = decoder?.Invoke(content.ReadAsStream());
        return body is not null;
    }
}
