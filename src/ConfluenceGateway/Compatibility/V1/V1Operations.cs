namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The operations that were removed from v1 and are served by means of v2.</summary>
internal static class V1Operations
{
    private const string ContentId = "{id}";
    private const string Number = "{number}";

    // The longest path that can be one of them, so that nothing else is taken apart.
    private const int LongestPath = 600;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<V1Operation> All { get; } =
    [
        new("GET", "content", "GET /wiki/api/v2/pages, /blogposts, /footer-comments, /inline-comments or /attachments", ContentListing.ListAsync),
        new("POST", "content", "POST /wiki/api/v2/pages, /blogposts, /footer-comments or /inline-comments", ContentCreation.CreateAsync),
        new("GET", "content/{id}", "GET /wiki/api/v2/pages/{id}, or the same of its kind", ContentOperations.ReadAsync),
        new("PUT", "content/{id}", "PUT /wiki/api/v2/pages/{id}, or the same of its kind", ContentUpdate.UpdateAsync),
        new("DELETE", "content/{id}", "DELETE /wiki/api/v2/pages/{id}, or the same of its kind", ContentUpdate.DeleteAsync),
        new("GET", "content/{id}/history", "GET /wiki/api/v2/pages/{id} and /versions", ContentOperations.HistoryAsync),
        new("GET", "content/{id}/child", "GET /wiki/api/v2/pages/{id}/children, /footer-comments, /inline-comments and /attachments", ContentOperations.ChildrenAsync),
        new("GET", "content/{id}/child/{type}", "GET /wiki/api/v2/pages/{id}/children, /footer-comments, /inline-comments or /attachments", ContentOperations.ChildrenOfTypeAsync),
        new("GET", "content/{id}/version", "GET /wiki/api/v2/pages/{id}/versions", DetailOperations.VersionsAsync),
        new("GET", "content/{id}/version/{number}", "GET /wiki/api/v2/pages/{id}/versions/{number}", DetailOperations.VersionAsync),
        new("GET", "content/{id}/label", "GET /wiki/api/v2/pages/{id}/labels", DetailOperations.LabelsAsync),
        new("GET", "content/{id}/property", "GET /wiki/api/v2/pages/{id}/properties", PropertyOperations.ListOfContentAsync),
        new("POST", "content/{id}/property", "POST /wiki/api/v2/pages/{id}/properties", PropertyOperations.CreateOfContentAsync),
        new("GET", "content/{id}/property/{key}", "GET /wiki/api/v2/pages/{id}/properties?key=", PropertyOperations.ReadOfContentAsync),
        new("PUT", "content/{id}/property/{key}", "PUT /wiki/api/v2/pages/{id}/properties/{propertyId}", PropertyOperations.UpdateOfContentAsync),
        new("POST", "content/{id}/property/{key}", "POST /wiki/api/v2/pages/{id}/properties", PropertyOperations.CreateOfContentAsync),
        new("DELETE", "content/{id}/property/{key}", "DELETE /wiki/api/v2/pages/{id}/properties/{propertyId}", PropertyOperations.DeleteOfContentAsync),
        new("GET", "space", "GET /wiki/api/v2/spaces", SpaceOperations.ListAsync),
        new("GET", "space/{key}", "GET /wiki/api/v2/spaces?keys=", SpaceOperations.ReadAsync),
        new("GET", "space/{key}/content", "GET /wiki/api/v2/spaces/{id}/pages and /blogposts", SpaceOperations.ContentAsync),
        new("GET", "space/{key}/content/{type}", "GET /wiki/api/v2/spaces/{id}/pages or /blogposts", SpaceOperations.ContentOfTypeAsync),
        new("GET", "space/{key}/property", "GET /wiki/api/v2/spaces/{id}/properties", PropertyOperations.ListOfSpaceAsync),
        new("POST", "space/{key}/property", "POST /wiki/api/v2/spaces/{id}/properties", PropertyOperations.CreateOfSpaceAsync),
        new("GET", "space/{key}/property/{name}", "GET /wiki/api/v2/spaces/{id}/properties?key=", PropertyOperations.ReadOfSpaceAsync),
        new("PUT", "space/{key}/property/{name}", "PUT /wiki/api/v2/spaces/{id}/properties/{propertyId}", PropertyOperations.UpdateOfSpaceAsync),
        new("POST", "space/{key}/property/{name}", "POST /wiki/api/v2/spaces/{id}/properties", PropertyOperations.CreateOfSpaceAsync),
        new("DELETE", "space/{key}/property/{name}", "DELETE /wiki/api/v2/spaces/{id}/properties/{propertyId}", PropertyOperations.DeleteOfSpaceAsync),
        new("GET", "inlinetasks/search", "GET /wiki/api/v2/tasks", TaskOperations.SearchAsync),
        new("GET", "inlinetasks/{number}", "GET /wiki/api/v2/tasks/{id}", TaskOperations.ReadAsync),
        new("PUT", "inlinetasks/{number}", "PUT /wiki/api/v2/tasks/{id}", TaskOperations.UpdateAsync),
        new("POST", "contentbody/convert/{to}", "POST /wiki/rest/api/contentbody/convert/async/{to}", ConversionOperations.ConvertAsync),
    ];

    /// <summary>The operation that a request calls; null when it calls none of these.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The site's own path, with its leading slash, without the query.</param>
    public static V1Match? Find(string method, string path)
    {
        var below = path.StartsWith("/wiki/rest/api/", StringComparison.Ordinal) ? "/wiki".Length : path.StartsWith("/rest/api/", StringComparison.Ordinal) ? 0 : -1;
        if (below < 0 || path.Length > LongestPath)
        {
            return null;
        }

        var segments = path[(below + "/rest/api/".Length)..].Split('/');
        foreach (var operation in All)
        {
            if (operation.Segments.Length == segments.Length && (operation.Method == method || operation.Method == "GET" && HttpMethods.IsHead(method)) && Fits(operation.Segments, segments))
            {
                return new V1Match(operation, path[below..], [.. segments.Where((_, index) => operation.Segments[index][0] == '{').Select(Uri.UnescapeDataString)]);
            }
        }

        return null;
    }

    /// <summary>Whether a text is an id of content: a number, with <c>att</c> before it for an attachment's.</summary>
    public static bool IsContentId(string text) => IsNumber(text.StartsWith("att", StringComparison.Ordinal) ? text.AsSpan(3) : text);

    private static bool Fits(string[] template, string[] segments)
    {
        for (var index = 0; index < template.Length; index++)
        {
            var fits = template[index] switch
            {
                // Not what stands in its place for operations that v1 has kept: content/search, content/archive.
                ContentId => IsContentId(segments[index]),
                Number => IsNumber(segments[index]),
                ['{', ..] => segments[index].Length > 0,
                var literal => literal == segments[index],
            };
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length is > 0 and <= 19 && !text.ContainsAnyExceptInRange('0', '9');
}

/// <summary>A call of an operation that was removed from v1.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Path">The path below the wiki, as it came.</param>
/// <param name="Parameters">The parameters of the path, decoded, in their order.</param>
internal sealed record V1Match(V1Operation Operation, string Path, IReadOnlyList<string> Parameters);
