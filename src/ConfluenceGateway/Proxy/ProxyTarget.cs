using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Proxy;

/// <summary>What a request addresses, taken apart on the raw text of its request line.</summary>
/// <param name="Product">The product, which is also the upstream's path segment.</param>
/// <param name="ConnectionId">The connection.</param>
/// <param name="PathAndQuery">Everything after the connection, byte for byte, with the slash that it begins with.</param>
/// <param name="IsByHost">Whether the host names the connection, so that the path has no prefix.</param>
internal readonly record struct ProxyTarget(string Product, ConnectionId ConnectionId, string PathAndQuery, bool IsByHost)
{
    /// <summary>The product of a connection's own host.</summary>
    public const string Confluence = "confluence";

    private static readonly string[] Products = [Confluence, "jira"];

    /// <summary>What stands before the site's own paths as the caller sees them: <c>/{product}/{connectionId}</c>, or nothing.</summary>
    public string Prefix => IsByHost ? "" : $"/{Product}/{ConnectionId}";

    /// <summary>The site's own path that is asked for, with its leading slash, without the query.</summary>
    public string Path => PathAndQuery.IndexOf('?') is var query && query >= 0 ? PathAndQuery[..query] : PathAndQuery;

    /// <summary>The query with its question mark; empty when there is none.</summary>
    public string Query => PathAndQuery.IndexOf('?') is var query && query >= 0 ? PathAndQuery[query..] : "";

    /// <summary>Where <paramref name="pathAndQuery"/> of the site is, which begins with a slash: below the connection's cloud id, and nowhere else.</summary>
    /// <param name="origin">The upstream, such as <c>https://api.atlassian.com</c>.</param>
    /// <param name="cloudId">The site's id.</param>
    /// <param name="pathAndQuery">The target's own, or another.</param>
    public string Url(string origin, string cloudId, string pathAndQuery) => string.Concat([origin, "/ex/", Product, "/", cloudId, pathAndQuery]);

    /// <summary>Where the site is at the upstream.</summary>
    public string SitePath(string cloudId) => $"/ex/{Product}/{cloudId}";

    /// <summary>Takes <paramref name="rawTarget"/> apart: <c>/{product}/{connectionId}/{rest}?{query}</c>.</summary>
    /// <param name="rawTarget">The request target as it came in (RFC 9112 section 3.2), in origin or absolute form.</param>
    /// <param name="target">The parts, when the answer is <see cref="TargetError.None"/>.</param>
    public static TargetError Parse(string rawTarget, out ProxyTarget target)
    {
        target = default;
        if (!TryPath(rawTarget, out var text, out var path))
        {
            return TargetError.UnsafePath;
        }

        var afterProduct = path[1..];
        if (KnownProduct(FirstSegment(afterProduct)) is not { } product)
        {
            return TargetError.UnknownProduct;
        }

        var afterId = After(afterProduct, product.Length);
        var id = FirstSegment(afterId);
        if (!ConnectionId.TryParse(id.ToString(), out var connectionId))
        {
            return TargetError.InvalidConnectionId;
        }

        var rest = text[("/".Length + product.Length + "/".Length + id.Length)..];
        target = new ProxyTarget(product, connectionId, rest is ['/', ..] ? rest.ToString() : string.Concat("/", rest), IsByHost: false);
        return TargetError.None;
    }

    /// <summary>Takes <paramref name="rawTarget"/> apart for a host of the connection's own: all of it is the rest.</summary>
    /// <param name="label">What stands before the suffix in the host's name.</param>
    /// <param name="rawTarget">The request target as it came in.</param>
    /// <param name="target">The parts, when the answer is <see cref="TargetError.None"/>.</param>
    public static TargetError ParseByHost(string label, string rawTarget, out ProxyTarget target)
    {
        target = default;
        if (!TryPath(rawTarget, out var text, out _))
        {
            return TargetError.UnsafePath;
        }

        if (!ConnectionId.TryParse(label, out var connectionId))
        {
            return TargetError.InvalidHost;
        }

        target = new ProxyTarget(Confluence, connectionId, text.ToString(), IsByHost: true);
        return TargetError.None;
    }

    private static bool TryPath(string rawTarget, out ReadOnlySpan<char> text, out ReadOnlySpan<char> path)
    {
        text = OriginForm(rawTarget);
        path = text.IndexOf('?') is var query && query >= 0 ? text[..query] : text;
        // No target has a control character (RFC 3986), and some servers end the target at one.
        return !text.ContainsAnyInRange('\0', '\u001f') && !text.Contains('\u007f') && !PathSafety.IsUnsafe(path);
    }

    private static string? KnownProduct(ReadOnlySpan<char> segment)
    {
        foreach (var product in Products)
        {
            if (segment.SequenceEqual(product))
            {
                return product;
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> FirstSegment(ReadOnlySpan<char> path) => path.IndexOf('/') is var slash && slash >= 0 ? path[..slash] : path;

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> path, int segmentLength) =>
        path.Length > segmentLength ? path[(segmentLength + 1)..] : [];

    private static ReadOnlySpan<char> OriginForm(string rawTarget)
    {
        if (rawTarget.StartsWith('/'))
        {
            return rawTarget;
        }

        var authority = rawTarget.IndexOf("://", StringComparison.Ordinal);
        var end = authority < 0 ? -1 : rawTarget.AsSpan(authority + 3).IndexOfAny('/', '?');
        return end < 0 ? "/"
            : rawTarget[authority + 3 + end] == '/' ? rawTarget.AsSpan(authority + 3 + end)
            : string.Concat("/", rawTarget.AsSpan(authority + 3 + end));
    }
}

/// <summary>Why a request target addresses nothing.</summary>
internal enum TargetError
{
    /// <summary>It is good.</summary>
    None,

    /// <summary>The path could leave the connection's site.</summary>
    UnsafePath,

    /// <summary>The first segment is no product.</summary>
    UnknownProduct,

    /// <summary>The second segment is no connection id.</summary>
    InvalidConnectionId,

    /// <summary>What stands before the suffix in the host's name is no connection id.</summary>
    InvalidHost,
}
