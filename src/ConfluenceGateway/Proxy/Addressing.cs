using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Proxy;

/// <summary>
/// The two ways to address a connection: by path, <c>/{product}/{connectionId}/…</c>, and by a host of its own, for clients
/// that drop or double a path prefix.
/// </summary>
internal sealed class Addressing(IOptions<RoutingOptions> routing)
{
    private readonly string? _suffix = routing.Value.HostSuffix is { Length: > 0 } suffix ? "." + suffix : null;

    /// <summary>Whether the request's host is below <c>Routing:HostSuffix</c>: then all of its path belongs to the connection.</summary>
    public bool IsByHost(HttpContext context) => _suffix is not null && Label(context.Request.Host) is not null;

    /// <summary>Takes the request line and the host apart.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">What it addresses, when the answer is <see cref="TargetError.None"/>.</param>
    public TargetError Parse(HttpContext context, out ProxyTarget target)
    {
        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return _suffix is not null && Label(context.Request.Host) is { } label
            ? ProxyTarget.ParseByHost(label, rawTarget, out target)
            : ProxyTarget.Parse(rawTarget, out target);
    }

    // Everything before the suffix; whether that is a connection id is judged later. Host names know no case (RFC 9110 section 4.2.3).
    private string? Label(HostString host) =>
        host.Host is { } name && name.Length > _suffix!.Length && name.EndsWith(_suffix, StringComparison.OrdinalIgnoreCase)
            ? name[..^_suffix.Length].ToLowerInvariant()
            : null;
}
