using System.Collections.Frozen;
using System.Net.Http.Headers;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Proxy;

/// <summary>What is taken from and put on the headers on the way. Everything not named here passes as it came.</summary>
/// <remarks>
/// YARP leaves out what HTTP defines as hop-by-hop (RFC 9110 section 7.6.1). What a caller's <c>Connection</c> names besides
/// goes on: the server has cut the names off by then.
/// </remarks>
internal static class HeaderRules
{
    /// <summary>To Atlassian.</summary>
    public static IReadOnlyList<HeaderRule> Request { get; } =
    [
        new("Authorization", HeaderAction.Set, "the grant's token; what the caller sent is meant for the gateway"),
        new(CallerCredentials.Header, HeaderAction.Remove, "the caller's key, which is for the gateway alone"),
        new("Cookie", HeaderAction.Remove, "meant for the gateway's host"),
        new("Origin", HeaderAction.Remove, "trips Atlassian's cross-site check"),
        new("Referer", HeaderAction.Remove, "trips Atlassian's cross-site check, and names hosts of the network here"),
        new("Forwarded", HeaderAction.Remove, "tells of the network here"),
        new("X-Forwarded-*", HeaderAction.Remove, "tells of the network here"),
        new("X-Real-IP", HeaderAction.Remove, "tells of the network here"),
        new("Host", HeaderAction.Set, "the upstream's own name"),
        new("User-Agent", HeaderAction.SetIfBrowser, "Atlassian refuses writes that look as if a browser made them, whatever else they carry"),
        new("X-Atlassian-Token", HeaderAction.SetOnWrites, "waives Atlassian's cross-site check"),
    ];

    /// <summary>To the caller.</summary>
    public static IReadOnlyList<HeaderRule> Answer { get; } =
    [
        new("Set-Cookie", HeaderAction.Remove, "a session at Atlassian that is not the caller's"),
        new("Strict-Transport-Security", HeaderAction.Remove, "a promise about Atlassian's host, which a browser would hold against the gateway's"),
        new("NEL", HeaderAction.Remove, "as above"),
        new("Report-To", HeaderAction.Remove, "as above"),
        new("Location", HeaderAction.Relocate, "leads back to the gateway where it points at the site's API"),
        new("Link", HeaderAction.Relocate, "leads back to the gateway where it points at the site's API"),
    ];

    private const string ForwardedPrefix = "X-Forwarded-";
    private const string BrowserUserAgent = "Mozilla/";
    private static readonly string OwnUserAgent = "confluence-gateway/" + GatewayMetrics.Version;
    // What is set in place of the caller's is taken away first.
    private static readonly FrozenSet<string> RequestRemoved = Removed(Request).Append("Authorization").ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private static readonly string[] AnswerRemoved = [.. Removed(Answer)];

    /// <summary>Applies the rules to a request, after its headers were copied.</summary>
    public static void Apply(HttpRequest from, HttpRequestHeaders to, string authorization)
    {
        // By what the request has, which is little, and not by what it could have.
        foreach (var (name, _) in from.Headers)
        {
            if (RequestRemoved.Contains(name) || name.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase))
            {
                to.Remove(name);
            }
        }

        to.Host = null;
        to.TryAddWithoutValidation("Authorization", authorization);
        if (from.Headers.UserAgent.ToString().StartsWith(BrowserUserAgent, StringComparison.OrdinalIgnoreCase))
        {
            Set(to, "User-Agent", OwnUserAgent);
        }

        if (IsWrite(from.Method) && !to.Contains("X-Atlassian-Token"))
        {
            Set(to, "X-Atlassian-Token", "no-check");
        }
    }

    /// <summary>Gives a request of the gateway's own what the rules set.</summary>
    public static void ApplyOwn(string method, HttpRequestHeaders to, string authorization)
    {
        Set(to, "Authorization", authorization);
        Set(to, "User-Agent", OwnUserAgent);
        if (IsWrite(method))
        {
            Set(to, "X-Atlassian-Token", "no-check");
        }
    }

    /// <summary>Applies the rules to an answer, after its headers were copied.</summary>
    public static void Apply(IHeaderDictionary answer, ProxiedRequest request)
    {
        foreach (var name in AnswerRemoved)
        {
            answer.Remove(name);
        }

        if (answer.Location is [{ } location])
        {
            answer.Location = request.Links.Location(location);
        }

        if (answer.Link is { Count: > 0 } link)
        {
            var links = request.Links;
            answer.Link = Array.ConvertAll(link.ToArray(), value => value is null ? null : links.Link(value));
        }
    }

    private static void Set(HttpRequestHeaders headers, string name, string value)
    {
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    }

    private static IEnumerable<string> Removed(IReadOnlyList<HeaderRule> rules) =>
        rules.Where(rule => rule.Action == HeaderAction.Remove && !rule.Name.EndsWith('*')).Select(rule => rule.Name);

    private static bool IsWrite(string method) => !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method));
}

/// <summary>One row: which header, what is done to it, and why.</summary>
internal sealed record HeaderRule(string Name, HeaderAction Action, string Why);

/// <summary>What is done to a header.</summary>
internal enum HeaderAction
{
    /// <summary>It does not go on.</summary>
    Remove,

    /// <summary>The gateway's value goes on.</summary>
    Set,

    /// <summary>The gateway's value goes on in place of a browser's.</summary>
    SetIfBrowser,

    /// <summary>The gateway's value goes on with requests that change something and have none.</summary>
    SetOnWrites,

    /// <summary>Its links are turned towards the gateway.</summary>
    Relocate,
}
