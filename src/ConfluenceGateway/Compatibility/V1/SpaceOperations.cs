using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Spaces and what is in them: <c>space</c>.</summary>
internal static class SpaceOperations
{
    /// <summary>Lists spaces.</summary>
    public static async Task<V1Answer> ListAsync(V1Call call)
    {
        if (call.Has("favourite") || call.Has("favouriteUserKey"))
        {
            throw V1Exception.Impossible("v2 does not know an account's favourite spaces", "Leave 'favourite' out, and name the spaces by spaceKey.");
        }

        var filters = new List<string>();
        Add("keys", call.Queries("spaceKey"));
        Add("ids", call.Queries("spaceId"));
        Add("labels", call.Queries("label"));
        Add("type", OneOf("type", "global", "personal"));
        Add("status", OneOf("status", "current", "archived"));
        var listing = new Listing(call, [new ListingSource(null, $"/spaces{(filters.Count > 0 ? "?" : "")}{string.Join('&', filters)}")], () => V1Exception.NotFound("No such space"));
        var page = await listing.ReadAsync();
        var expand = call.Expand();
        var spaces = page.Items.Select(item => call.Site.Learn(item.V2)).OfType<SpaceSummary>().ToList();
        return new V1Answer(200, page.Answer(await Task.WhenAll(spaces.Select(space => SpaceShape.OfAsync(call, space, expand)))));

        void Add(string name, IReadOnlyList<string> values)
        {
            if (values.Count > 0)
            {
                filters.Add($"{name}={string.Join(',', values.Select(V1Call.Escape))}");
            }
        }

        string[] OneOf(string name, params string[] known) =>
            call.Query(name) is not { } value ? []
            : known.Contains(value, StringComparer.OrdinalIgnoreCase) ? [value.ToLowerInvariant()]
            : throw V1Exception.Invalid($"{name} must be one of {string.Join(", ", known)}");
    }

    /// <summary>Reads a space.</summary>
    public static async Task<V1Answer> ReadAsync(V1Call call)
    {
        // What is remembered may be minutes old, and this call is about the space itself.
        var key = call.Parameters[0];
        var found = await call.V2.GetAsync($"/spaces?keys={V1Call.Escape(key)}&limit=1", () => SiteKnowledge.NoSpace(key));
        var space = found.Objects("results").Select(call.Site.Learn).FirstOrDefault() ?? throw SiteKnowledge.NoSpace(key);
        var shape = await SpaceShape.OfAsync(call, space, call.Expand());
        V1Links.WithBase(call, shape["_links"]!.AsObject());
        return new V1Answer(200, shape);
    }

    /// <summary>Lists the pages and the blog posts of a space.</summary>
    public static async Task<V1Answer> ContentAsync(V1Call call)
    {
        var both = await Task.WhenAll(ContentOfTypeAsync(call, "page"), ContentOfTypeAsync(call, "blogpost"));
        return new V1Answer(200, new JsonObject { ["page"] = both[0], ["blogpost"] = both[1], ["_links"] = V1Links.OfList(call) });
    }

    /// <summary>Lists the pages or the blog posts of a space.</summary>
    public static async Task<V1Answer> ContentOfTypeAsync(V1Call call) => new(200, await ContentOfTypeAsync(call, call.Parameters[1]));

    private static async Task<JsonObject> ContentOfTypeAsync(V1Call call, string type)
    {
        var kind = type switch
        {
            "page" => ContentKind.Page,
            "blogpost" => ContentKind.BlogPost,
            _ => throw V1Exception.Invalid($"Unknown content type : {type}"),
        };
        var space = await call.Site.SpaceAsync(call.Parameters[0]);
        var expand = call.Expand();
        // A blog post has no place in a tree.
        var depth = call.Query("depth") == "root" && kind == ContentKind.Page ? "&depth=root" : "";
        var source = new ListingSource(kind, $"/spaces/{space.Id}{kind.Path()}?status=current{depth}", BodyPart.OfList(expand));
        var page = await new Listing(call, [source], () => Gone(call, space)).ReadAsync();
        return page.Answer(await ContentShape.ManyAsync(call, page.Content([source]), expand));
    }

    private static V1Exception Gone(V1Call call, SpaceSummary space)
    {
        call.Site.Forget(space);
        return SiteKnowledge.NoSpace(space.Key);
    }
}
