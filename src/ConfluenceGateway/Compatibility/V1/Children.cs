namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Where v2 lists what is directly below some content.</summary>
/// <param name="Id">The content.</param>
/// <param name="Type">v1's type of what is below it.</param>
/// <param name="Sources">The listings; none when nothing of the type can be there.</param>
internal sealed record Children(string Id, string Type, IReadOnlyList<ListingSource> Sources)
{
    /// <summary>Where the children of some type are.</summary>
    /// <param name="kind">What the content is.</param>
    /// <param name="id">The content.</param>
    /// <param name="type">v1's type: <c>page</c>, <c>comment</c> or <c>attachment</c>.</param>
    /// <param name="locations">Of comments, where they may be; none for everywhere.</param>
    /// <param name="filter">Of attachments, further parameters of v2, each with its ampersand.</param>
    /// <param name="bodyFormat">The representation that they come with; null for none.</param>
    public static Children Of(ContentKind kind, string id, string type, IReadOnlyList<string>? locations = null, string filter = "", string? bodyFormat = null)
    {
        var path = $"{kind.Path()}/{id}";
        return new Children(id, type, (type, kind) switch
        {
            ("page", ContentKind.Page) => [new(null, $"{path}/children", bodyFormat)],
            ("attachment", ContentKind.Page or ContentKind.BlogPost) => [new(ContentKind.Attachment, $"{path}/attachments?status=current{filter}")],
            ("comment", ContentKind.Page or ContentKind.BlogPost) =>
            [
                .. Wants("footer") ? [new ListingSource(ContentKind.FooterComment, $"{path}/footer-comments", bodyFormat)] : (ListingSource[])[],
                .. Wants("inline") || Wants("resolved") ? [new ListingSource(ContentKind.InlineComment, $"{path}/inline-comments", bodyFormat, Resolved())] : (ListingSource[])[],
            ],
            ("comment", ContentKind.FooterComment or ContentKind.InlineComment) => [new(kind, $"{path}/children", bodyFormat)],
            _ => [],
        });

        bool Wants(string location) => locations is null or [] || locations.Contains(location);

        Func<System.Text.Json.Nodes.JsonObject, bool>? Resolved() =>
            Wants("inline") && Wants("resolved") ? null : comment => comment.Text("resolutionStatus") == "resolved" == Wants("resolved");
    }

    /// <summary>The first of them, and whether there are more.</summary>
    public async Task<(IReadOnlyList<ContentItem> Items, bool More)> FirstAsync(V1Call call, int limit, Expansion expand)
    {
        var answers = await Task.WhenAll(Sources.Select(source =>
            call.V2.GetAsync(
                $"{source.Address}{(source.Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}{(source.Kind is null || source.Kind == ContentKind.Attachment || BodyPart.OfList(expand) is not { } format ? "" : $"&body-format={format}")}",
                () => V1Exception.NoContent(Id))));
        var found = answers.SelectMany((answer, source) => answer.Objects("results").Select(child => new ListedItem(source, child))).ToList();
        var more = found.Count > limit || answers.Any(answer => answer.Text("_links", "next") is not null);
        return (await ItemsAsync(call, [.. found.Take(limit)], BodyPart.OfList(expand)), more);
    }

    /// <summary>The content that was listed. v2 lists child pages by little more than their ids, so those are read.</summary>
    public async Task<IReadOnlyList<ContentItem>> ItemsAsync(V1Call call, IReadOnlyList<ListedItem> listed, string? bodyFormat)
    {
        if (Type == "page")
        {
            return listed.Count == 0 ? [] : await ContentReader.PagesAsync(call, listed.Select(child => child.V2.Text("id")).OfType<string>(), bodyFormat);
        }

        foreach (var child in listed)
        {
            call.Site.Learn(child.V2.Text("id") ?? "", Sources[child.Source].Kind!.Value);
        }

        return [.. listed.Select(child => new ContentItem(Sources[child.Source].Kind!.Value, child.V2))];
    }
}
