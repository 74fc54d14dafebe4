namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Reads content by the ids that v1 knows, which do not tell their kind.</summary>
internal static class ContentReader
{
    // What v2 takes in one call.
    private const int MostIds = 250;

    /// <summary>
    /// Does something with the content of an id. Most ids are pages': what is not known is tried as a page's first, and its kind is
    /// asked for only when v2 has no such page.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="id">The id.</param>
    /// <param name="work">What is done; it throws <see cref="V1Exception.NoContent"/> when there is no such content of that kind.</param>
    /// <exception cref="V1Exception">404: there is no such content, or the account may not see it.</exception>
    public static async Task<T> WithKindAsync<T>(V1Call call, string id, Func<ContentKind, Task<T>> work)
    {
        if (call.Site.KnownKind(id) is { } known)
        {
            return await work(known);
        }

        try
        {
            var done = await work(ContentKind.Page);
            call.Site.Learn(id, ContentKind.Page);
            return done;
        }
        catch (V1Exception exception) when (exception.MissingContent == id)
        {
            var kind = await call.Site.KindAsync(id);
            if (kind == ContentKind.Page)
            {
                throw;
            }

            return await work(kind);
        }
    }

    /// <summary>Reads content as it is now, whatever its status.</summary>
    /// <param name="call">The call.</param>
    /// <param name="id">Its id.</param>
    /// <param name="bodyFormat">The representation that it comes with; null for none.</param>
    /// <param name="query">What else is asked, such as <c>version=1</c>.</param>
    /// <exception cref="V1Exception">404: there is no such content, or the account may not see it.</exception>
    public static Task<ContentItem> ReadAsync(V1Call call, string id, string? bodyFormat = null, string? query = null) =>
        WithKindAsync(call, id, kind => ReadAsync(call, kind, id, bodyFormat, query));

    /// <summary>Reads content of a known kind as it is now.</summary>
    /// <exception cref="V1Exception">404: there is no such content, or the account may not see it.</exception>
    public static async Task<ContentItem> ReadAsync(V1Call call, ContentKind kind, string id, string? bodyFormat = null, string? query = null) =>
        new(kind, await call.V2.GetAsync(Address(kind, id, bodyFormat, query), () => V1Exception.NoContent(id)));

    /// <summary>Reads pages by their ids, in the order of the ids; those that are not there, or that the account may not see, are left out.</summary>
    public static async Task<IReadOnlyList<ContentItem>> PagesAsync(V1Call call, IEnumerable<string> ids, string? bodyFormat = null)
    {
        var format = bodyFormat is null ? "" : $"&body-format={bodyFormat}";
        var wanted = ids.Distinct(StringComparer.Ordinal).ToList();
        var answers = await Task.WhenAll(wanted.Chunk(MostIds).Select(some =>
            call.V2.GetAsync($"/pages?id={string.Join(',', some)}&limit={some.Length}{format}", () => V1Exception.NotFound("No such page"))));
        var pages = answers.SelectMany(answer => answer.Objects("results")).Select(page => new ContentItem(ContentKind.Page, page)).ToDictionary(page => page.Id, StringComparer.Ordinal);
        foreach (var id in pages.Keys)
        {
            call.Site.Learn(id, ContentKind.Page);
        }

        return [.. wanted.Select(pages.GetValueOrDefault).OfType<ContentItem>()];
    }

    private static string Address(ContentKind kind, string id, string? bodyFormat, string? query)
    {
        // An attachment has no body, and v2 refuses to be asked for one.
        var parameters = new[] { kind == ContentKind.Attachment || bodyFormat is null ? null : $"body-format={bodyFormat}", query }.OfType<string>().ToList();
        return $"{kind.Path()}/{id}{(parameters.Count > 0 ? "?" : "")}{string.Join('&', parameters)}";
    }
}
