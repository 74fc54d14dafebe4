namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Reading and listing content: <c>content</c>, <c>content/{id}</c> and what hangs on it.</summary>
internal static class ContentOperations
{
    private static readonly string[] Standard = ["space", "history", "version"];
    private static readonly string[] AttachmentFilters = ["filename", "mediaType"];

    /// <summary>Reads a piece of content.</summary>
    public static async Task<V1Answer> ReadAsync(V1Call call)
    {
        var (id, expand) = (call.Parameters[0], call.Expand(Standard));
        var statuses = ContentStatus.Of(call);
        var format = BodyPart.OfOne(expand);
        var version = call.Has("version") ? call.Number("version", 0) : 0;
        ContentItem item;
        try
        {
            item = await ContentReader.ReadAsync(call, id, format, version > 0 ? $"version={version}" : statuses.WantsDraft ? "get-draft=true" : null);
        }
        catch (V1Exception exception) when (exception.MissingContent == id && version > 0)
        {
            throw V1Exception.NoContent(id);
        }

        var isHistorical = item.V2.Text("status") == "historical" || version > 0 && await IsOldAsync(call, item, version);
        return !isHistorical && !statuses.Include(item.V2.Text("status"))
            ? throw V1Exception.NoContent(id)
            : new V1Answer(200, await ContentShape.OneAsync(call, item with { IsHistorical = isHistorical }, expand));
    }

    /// <summary>Reads who made a piece of content, and when it changed.</summary>
    public static async Task<V1Answer> HistoryAsync(V1Call call)
    {
        var history = await HistoryPart.OfAsync(call, await ReadCurrentAsync(call), call.Expand());
        V1Links.WithBase(call, history["_links"]!.AsObject());
        return new V1Answer(200, history);
    }

    /// <summary>Reads what is directly below a piece of content.</summary>
    public static async Task<V1Answer> ChildrenAsync(V1Call call)
    {
        var (id, expand) = (call.Parameters[0], call.Expand());
        // Without a wish nothing else would tell whether the content is there.
        var kind = expand.Names.Count > 0 && call.Site.KnownKind(id) is { } known ? known : (await ReadCurrentAsync(call)).Kind;
        var children = await ChildrenPart.OfAsync(call, kind, id, expand);
        V1Links.WithBase(call, children["_links"]!.AsObject());
        return new V1Answer(200, children);
    }

    /// <summary>Lists pages, comments or attachments directly below a piece of content.</summary>
    public static Task<V1Answer> ChildrenOfTypeAsync(V1Call call)
    {
        var (id, type, expand) = (call.Parameters[0], call.Parameters[1], call.Expand());
        if (type is not ("page" or "comment" or "attachment"))
        {
            throw V1Exception.Invalid($"Unknown content type : {type}");
        }

        // v1 has kept the list that goes all the way down.
        return type == "comment" && call.Query("depth") == "all" ? AllCommentsAsync(call) : ContentReader.WithKindAsync(call, id, async kind =>
        {
            var children = Children.Of(kind, id, type, call.Queries("location"), Filter(call, type), BodyPart.OfList(expand));
            if (type == "page" && kind != ContentKind.Page)
            {
                throw V1Exception.Invalid($"Cannot find '{type}' children of a '{kind.V1Type()}'");
            }

            var page = await new Listing(call, [.. children.Sources.Select(source => type == "page" ? source with { BodyFormat = null } : source)], () => V1Exception.NoContent(id)).ReadAsync();
            var items = await children.ItemsAsync(call, page.Items, BodyPart.OfList(expand));
            return new V1Answer(200, page.Answer(await ContentShape.ManyAsync(call, items, expand)));
        });
    }

    private static async Task<V1Answer> AllCommentsAsync(V1Call call) =>
        new(200, (await call.V2.GetKeptAsync($"/rest/api/content/{call.Parameters[0]}/descendant/comment?{call.RawQuery}")).DeepClone());

    /// <summary>Content of this call's id that v1 would show without being asked for a status.</summary>
    private static async Task<ContentItem> ReadCurrentAsync(V1Call call)
    {
        var item = await ContentReader.ReadAsync(call, call.Parameters[0]);
        return item.V2.Text("status") == "trashed" ? throw V1Exception.NoContent(item.Id) : item;
    }

    // v2 gives an old version the status of the content, or "historical"; the newest tells.
    private static async Task<bool> IsOldAsync(V1Call call, ContentItem item, int version) =>
        (await ContentReader.ReadAsync(call, item.Kind, item.Id)).Version != version;

    private static string Filter(V1Call call, string type) =>
        type == "attachment" ? string.Concat(AttachmentFilters.Select(name => call.Query(name) is { } value ? $"&{name}={V1Call.Escape(value)}" : "")) : "";
}
