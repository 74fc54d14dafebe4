using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Makes v1's JSON of content; what is not expanded is named in <c>_expandable</c>.</summary>
internal static class ContentShape
{
    private static readonly string[] NotOnV2 = ["macroRenderedOutput", "schedulePublishDate", "schedulePublishInfo"];

    /// <summary>The parts of content that can be expanded.</summary>
    private static readonly (string Name, Func<V1Call, ContentItem, Shown, string> Link, Func<V1Call, ContentItem, Expansion, Shown, Task<JsonNode?>> Value)[] Parts =
    [
        ("space", (_, _, shown) => shown.Space?.Path ?? "", SpacePart.OfAsync),
        ("history", (_, item, _) => $"{item.Path}/history", async (call, item, expand, _) => await HistoryPart.OfAsync(call, item, expand)),
        ("version", (_, _, _) => "", VersionPart.OfAsync),
        ("ancestors", (_, _, _) => "", (call, item, expand, _) => AncestorsPart.OfAsync(call, item, expand)),
        ("container", (_, item, shown) => item.Container is { } container ? $"/rest/api/content/{container.Id}" : shown.Space?.Path ?? "", ContainerPart.OfAsync),
        ("children", (_, item, _) => $"{item.Path}/child", async (call, item, expand, _) => await ChildrenPart.OfAsync(call, item.Kind, item.Id, expand)),
        ("descendants", (_, item, _) => $"{item.Path}/descendant", (call, item, expand, _) => KeptParts.DescendantsAsync(call, item, expand)),
        ("body", (_, _, _) => "", (call, item, expand, _) => BodyPart.OfAsync(call, item, expand)),
        ("metadata", (_, _, _) => "", (call, item, expand, _) => MetadataPart.OfAsync(call, item, expand)),
        ("operations", (_, _, _) => "", (call, item, _, _) => OperationsPart.OfAsync(call, item)),
        ("restrictions", (_, item, _) => $"{item.Path}/restriction/byOperation", (call, item, expand, _) => KeptParts.RestrictionsAsync(call, item, expand)),
        ("childTypes", (_, _, _) => "", (call, item, expand, _) => ChildTypesPart.OfAsync(call, item, expand)),
    ];

    /// <summary>v1's JSON of one piece of content that is the whole answer.</summary>
    public static async Task<JsonObject> OneAsync(V1Call call, ContentItem item, Expansion expand)
    {
        var shape = (await ManyAsync(call, [item], expand))[0];
        V1Links.WithBase(call, shape["_links"]!.AsObject());
        return shape;
    }

    /// <summary>v1's JSON of several. What they have in common is asked for once.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ManyAsync(V1Call call, IReadOnlyList<ContentItem> items, Expansion expand)
    {
        if (NotOnV2.FirstOrDefault(expand.Has) is { } impossible)
        {
            await call.SettledAsync(
                Task.FromException<bool>(V1Exception.Impossible($"v2 does not have '{impossible}' of content", $"Leave '{impossible}' out of expand.")), false, $"'{impossible}' could not be read");
        }

        var spaces = call.SettledAsync(call.Site.SpacesAsync(items.Select(item => item.SpaceId)), SiteKnowledge.NoSpaces, "the space could not be read");
        var users = call.SettledAsync(call.Site.UsersAsync(items.SelectMany(item => People(item, expand))), Users.None, "the names of people could not be read");
        await Task.WhenAll(spaces, users);
        return await Task.WhenAll(items.Select(async item =>
        {
            var shown = new Shown(item.SpaceId is { } id ? (await spaces).GetValueOrDefault(id) : null, await users);
            return await ShapeAsync(call, item, expand, shown);
        }));
    }

    private static async Task<JsonObject> ShapeAsync(V1Call call, ContentItem item, Expansion expand, Shown shown)
    {
        call.CountContent();
        var shape = new JsonObject { ["id"] = item.Id, ["type"] = item.Kind.V1Type(), ["status"] = item.IsHistorical ? "historical" : item.V2.Text("status") };
        shape.Copy("title", item.V2);
        var values = Parts.ToDictionary(part => part.Name, part => expand.Has(part.Name) ? part.Value(call, item, expand.Under(part.Name), shown) : null);
        var expandable = new JsonObject();
        foreach (var (name, link, _) in Parts)
        {
            if (values[name] is { } value && await call.SettledAsync(value, null, $"'{name}' could not be read") is { } expanded)
            {
                shape[name] = expanded;
            }
            else if (name == "metadata" && MetadataPart.AlwaysThere(item) is { } metadata)
            {
                shape[name] = metadata;
            }
            else
            {
                expandable[name] = link(call, item, shown);
            }
        }

        shape["extensions"] = ExtensionsPart.Of(item, expand.Under("extensions"), shown.Users);
        shape["_expandable"] = expandable;
        shape["_links"] = Links(call, item);
        return shape;
    }

    private static JsonObject Links(V1Call call, ContentItem item)
    {
        var links = new JsonObject();
        links.Copy("webui", item.V2["_links"]);
        links["self"] = call.WikiUrl + item.Path;
        links.Copy("tinyui", item.V2["_links"]);
        if ((item.V2.Text("_links", "download") ?? item.V2.Text("downloadLink")) is { } download)
        {
            links["download"] = download;
        }

        return links;
    }

    private static IEnumerable<string?> People(ContentItem item, Expansion expand)
    {
        if (expand.Has("version") || expand.Under("history").Has("lastUpdated"))
        {
            yield return item.V2.Text("version", "authorId");
        }

        if (expand.Under("extensions").Has("resolution"))
        {
            yield return item.V2.Text("resolutionLastModifierId");
        }

        if (expand.Has("history"))
        {
            yield return item.V2.Text("authorId");
            yield return item.V2.Text("ownerId");
        }
    }
}

/// <summary>What the shapes of several pieces of content share.</summary>
/// <param name="Space">The space of this one; null when it is not known.</param>
/// <param name="Users">The people it names.</param>
internal sealed record Shown(SpaceSummary? Space, Users Users);
