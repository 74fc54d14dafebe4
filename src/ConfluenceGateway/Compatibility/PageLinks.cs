namespace ConfluenceGateway.Compatibility;

/// <summary>Links to pages that lead to the gateway: a person who opens one wants the site, which no token opens.</summary>
internal static class PageLinks
{
    private static readonly string[] ApiRoots = ["/rest", "/api", "/rpc", "/download"];

    /// <summary>Whether the request may be a person's. Old HTTP libraries accept HTML too, but they ask for API paths.</summary>
    public static bool IsBrowser(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where a browser that asks for <paramref name="path"/> is sent; null when the path is an API's.</summary>
    /// <param name="product">The product it is for.</param>
    /// <param name="path">The site's own path that is asked for, with its leading slash.</param>
    /// <param name="query">The query with its question mark, or nothing.</param>
    /// <param name="siteUrl">The site.</param>
    public static string? Redirect(string product, string path, string query, string siteUrl)
    {
        var hasContext = IsBelow(path, "/wiki");
        if (IsApi(hasContext ? path["/wiki".Length..] : path))
        {
            return null;
        }

        // The site has Confluence below /wiki; clients may leave that out.
        var page = product != "confluence" || hasContext ? path : path == "/" ? "/wiki" : "/wiki" + path;
        return siteUrl + page + query;
    }

    private static bool IsApi(string path) => ApiRoots.Any(root => IsBelow(path, root));

    private static bool IsBelow(string path, string root) =>
        path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/');
}
