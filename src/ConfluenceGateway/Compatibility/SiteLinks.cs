using System.Text.RegularExpressions;

namespace ConfluenceGateway.Compatibility;

/// <summary>
/// Where the links of one connection lead: Atlassian writes them for its own hosts, and a caller that follows them must come
/// back to the gateway. Links to pages and to other hosts are left alone.
/// </summary>
/// <param name="prefix">What stands before the site's paths at the gateway, such as <c>/confluence/demo</c>; empty for a host of its own.</param>
/// <param name="apiUrl">The site at Atlassian's API, such as <c>https://api.atlassian.com/ex/confluence/{cloudId}</c>.</param>
/// <param name="siteUrl">The site, such as <c>https://acme.atlassian.net</c>; null when it is not known.</param>
internal sealed partial class SiteLinks(string prefix, string apiUrl, string? siteUrl)
{
    private static readonly string[] ApiPaths = ["/wiki/rest/", "/wiki/api/", "/rest/"];

    /// <summary>A <c>Location</c> (RFC 9110 section 10.2.2) as the caller must follow it; always a path when it leads to the gateway.</summary>
    public string Location(string location)
    {
        if (After(location, apiUrl) is { } api)
        {
            return prefix + Rooted(api);
        }

        if (siteUrl is not null && After(location, siteUrl) is { } path && ApiPaths.Any(known => path.StartsWith(known, StringComparison.Ordinal)))
        {
            return prefix + path;
        }

        // Two slashes would begin another host's name.
        return location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal)
            ? prefix + (After(location, ApiPath) is { } below ? Rooted(below) : location)
            : location;
    }

    /// <summary>A <c>Link</c> header (RFC 8288) with each target as <see cref="Location"/> gives it.</summary>
    public string Link(string header) => Target().Replace(header, match => $"<{Location(match.Groups[1].Value)}>");

    /// <summary>What links in a body begin with, and what a caller that reached the gateway at <paramref name="origin"/> needs instead.</summary>
    /// <param name="origin">The gateway as the caller knows it, such as <c>http://gateway:8080</c>.</param>
    public IReadOnlyList<LinkRule> BodyRules(string origin)
    {
        var rules = new List<LinkRule> { new(apiUrl, origin + prefix) };
        if (siteUrl is not null)
        {
            rules.Add(new(siteUrl + "/wiki", origin + prefix + "/wiki"));
            rules.Add(new(siteUrl + "/rest", origin + prefix + "/rest"));
        }

        if (prefix.Length > 0)
        {
            // Clients of v2 join these with the origin, and would leave the prefix out.
            rules.Add(new("/wiki", prefix + "/wiki"));
        }

        return rules;
    }

    private string ApiPath => apiUrl[apiUrl.IndexOf('/', apiUrl.IndexOf("://", StringComparison.Ordinal) + 3)..];

    private static string Rooted(string path) => path.StartsWith('/') ? path : "/" + path;

    /// <summary>What follows <paramref name="start"/>, if the reference is at or below it; host names are compared as they are written.</summary>
    private static string? After(string reference, string start) =>
        reference.StartsWith(start, StringComparison.OrdinalIgnoreCase) && (reference.Length == start.Length || reference[start.Length] is '/' or '?' or '#')
            ? reference[start.Length..]
            : null;

    [GeneratedRegex("<([^>]*)>")]
    private static partial Regex Target();
}
