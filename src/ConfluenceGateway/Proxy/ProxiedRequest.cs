using ConfluenceGateway.Compatibility;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Proxy;

/// <summary>A request on its way: what came in, and the newest token for it.</summary>
/// <param name="context">The request and its answer.</param>
/// <param name="target">What it addresses.</param>
/// <param name="token">The token to begin with.</param>
/// <param name="body">Its body; null when it has none.</param>
internal sealed class ProxiedRequest(HttpContext context, ProxyTarget target, TokenOutcome.Ready token, ReplayableBody? body)
{
    public HttpContext Context => context;

    public ProxyTarget Target => target;

    public ReplayableBody? Body => body;

    /// <summary>The newest token; a rejection replaces it.</summary>
    public TokenOutcome.Ready Token { get; set; } = token;

    public Connection Connection => Token.Snapshot.Connection;

    /// <summary>The API, such as <c>https://api.atlassian.com</c>.</summary>
    public required string ApiOrigin { get; init; }

    /// <summary>What <c>Gateway:PublicUrl</c> says; null when it says nothing.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Whether links in a JSON answer are rewritten to the gateway.</summary>
    public bool RewritesLinks { get; init; }

    /// <summary>What becomes of its trace context.</summary>
    public TraceContextMode TraceContext { get; init; }

    /// <summary>Whether it can be sent again, and does no harm then.</summary>
    public bool MayRepeat => UpstreamAnswers.IsIdempotent(context.Request.Method) && body is not { CanRewind: false };

    /// <summary>Where links in its answer lead; most answers have none.</summary>
    public SiteLinks Links => new(PublicPath + target.Prefix, ApiOrigin + target.SitePath(Connection.CloudId!), Connection.SiteUrl);

    /// <summary>The gateway as the caller knows it.</summary>
    public string Origin => CameByPublicUrl ? PublicUrl!.GetLeftPart(UriPartial.Authority) : $"{context.Request.Scheme}://{context.Request.Host}";

    // A proxy in front may end TLS and add a path; whoever came by another name did not come through it.
    private bool CameByPublicUrl => PublicUrl is not null && string.Equals(PublicUrl.Authority, context.Request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private string PublicPath => CameByPublicUrl ? PublicUrl!.AbsolutePath.TrimEnd('/') : "";
}
