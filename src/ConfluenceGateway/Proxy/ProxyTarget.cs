using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Proxy;

/// <summary>What a request line addresses: <c>/{product}/{connectionId}/{rest}?{query}</c>, taken apart on the raw text.</summary>
/// <param name="Product">The product, which is also the upstream's path segment.</param>
/// <param name="ConnectionId">The connection.</param>
/// <param name="Rest">Everything after the connection, byte for byte, without its leading slash, with the query.</param>
internal readonly record struct ProxyTarget(string Product, ConnectionId ConnectionId, string Rest)
{
    private static readonly string[] Products = ["confluence", "jira"];

    /// <summary>Where the request goes: below the connection's cloud id, and nowhere else.</summary>
    public string UpstreamPath(string cloudId) => $"/ex/{Product}/{cloudId}/{Rest}";

    /// <summary>Takes <paramref name="rawTarget"/> apart.</summary>
    /// <param name="rawTarget">The request target as it came in (RFC 9112 section 3.2), in origin or absolute form.</param>
    /// <param name="target">The parts, when the answer is <see cref="TargetError.None"/>.</param>
    public static TargetError Parse(string rawTarget, out ProxyTarget target)
    {
        target = default;
        var text = OriginForm(rawTarget);
        var query = text.IndexOf('?');
        var path = query < 0 ? text : text[..query];
        if (PathSafety.IsUnsafe(path))
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

        var rest = After(afterId, id.Length);
        target = new ProxyTarget(product, connectionId, string.Concat(rest, text[path.Length..]));
        return TargetError.None;
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
        var path = authority < 0 ? -1 : rawTarget.IndexOf('/', authority + 3);
        return path < 0 ? "/" : rawTarget.AsSpan(path);
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
}
