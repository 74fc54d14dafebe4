using ConfluenceGateway.Compatibility;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Proxy;

/// <summary>A request on its way: what came in, and the newest token for it.</summary>
/// <param name="context">The request and its answer.</param>
/// <param name="target">What it addresses.</param>
/// <param name="token">The token to begin with.</param>
/// <param name="body">Its body; null when it has none.</param>
/// <param name="apiOrigin">The API, such as <c>https://api.atlassian.com</c>.</param>
internal sealed class ProxiedRequest(HttpContext context, ProxyTarget target, TokenOutcome.Ready token, ReplayableBody? body, string apiOrigin)
{
    public HttpContext Context => context;

    public ProxyTarget Target => target;

    public ReplayableBody? Body => body;

    public Connection Connection => Token.Snapshot.Connection;

    /// <summary>Where links in its answer lead; most answers have none.</summary>
    public SiteLinks Links => new(target.Prefix, apiOrigin + target.SitePath(Connection.CloudId!), Connection.SiteUrl);

    /// <summary>The newest token; a rejection replaces it.</summary>
    public TokenOutcome.Ready Token { get; set; } = token;
}
