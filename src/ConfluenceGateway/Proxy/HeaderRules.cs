using System.Net.Http.Headers;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Proxy;

/// <summary>What is taken from and put on the headers on the way. Everything not named here passes as it came.</summary>
internal static class HeaderRules
{
    // Never sent upstream: credentials meant for the gateway, what Atlassian's cross-site check trips over, and what tells of the network here.
    private static readonly string[] RequestRemoved = ["Authorization", "Cookie", "Origin", "Referer", "Forwarded"];
    private const string ForwardedPrefix = "X-Forwarded-";

    // Never sent to callers: Atlassian's session cookies, and promises about Atlassian's host that a browser would hold against the gateway's.
    private static readonly string[] ResponseRemoved = ["Set-Cookie", "Strict-Transport-Security", "NEL", "Report-To"];

    // Atlassian refuses writes that look as if a browser made them, whatever else they carry.
    private const string BrowserUserAgent = "Mozilla/";
    private static readonly string OwnUserAgent = "confluence-gateway/" + GatewayMetrics.Version;

    /// <summary>Applies the rules to a request, after its headers were copied.</summary>
    public static void Apply(HttpRequest from, HttpRequestHeaders to, string authorization)
    {
        foreach (var name in RequestRemoved)
        {
            to.Remove(name);
        }

        foreach (var header in from.Headers)
        {
            if (header.Key.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase))
            {
                to.Remove(header.Key);
            }
        }

        // The upstream's own name, not the one the gateway was called by.
        to.Host = null;
        to.TryAddWithoutValidation("Authorization", authorization);

        if (from.Headers.UserAgent.ToString().StartsWith(BrowserUserAgent, StringComparison.OrdinalIgnoreCase))
        {
            to.Remove("User-Agent");
            to.TryAddWithoutValidation("User-Agent", OwnUserAgent);
        }

        if (IsWrite(from.Method) && !to.Contains("X-Atlassian-Token"))
        {
            to.TryAddWithoutValidation("X-Atlassian-Token", "no-check");
        }
    }

    /// <summary>Applies the rules to an answer, after its headers were copied.</summary>
    public static void Apply(IHeaderDictionary answer)
    {
        foreach (var name in ResponseRemoved)
        {
            answer.Remove(name);
        }
    }

    private static bool IsWrite(string method) => !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method));
}
