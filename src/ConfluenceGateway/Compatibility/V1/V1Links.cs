using System.Text.Json.Nodes;
using System.Web;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The links that v1 puts into its answers: <c>self</c> names the site, all others continue <c>base</c>.</summary>
internal static class V1Links
{
    /// <summary>The links of an answer that is one thing: those of the thing, and where they continue.</summary>
    public static JsonObject WithBase(V1Call call, JsonObject links)
    {
        links["base"] = call.WikiUrl;
        links["context"] = "/wiki";
        return links;
    }

    /// <summary>The links of a list.</summary>
    public static JsonObject OfList(V1Call call)
    {
        var query = string.Join('&', call.QueryWithout("start", "limit", "next", "cursor").Select(Normalized));
        return new JsonObject { ["base"] = call.WikiUrl, ["context"] = "/wiki", ["self"] = $"{call.WikiUrl}{call.Path}{(query.Length > 0 ? "?" : "")}{query}" };
    }

    /// <summary>What <c>self</c> of anything is.</summary>
    public static JsonObject Self(V1Call call, string path) => new() { ["self"] = call.WikiUrl + path };

    // Confluence writes the query anew.
    private static string Normalized(string pair) =>
        pair.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? $"{pair[..at]}={V1Call.Escape(HttpUtility.UrlDecode(pair[(at + 1)..]))}" : $"{pair}=";
}
