using System.Globalization;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Who made content, and when it changed.</summary>
internal static class HistoryPart
{
    /// <summary>v1's <c>history</c>.</summary>
    public static async Task<JsonObject> OfAsync(V1Call call, ContentItem item, Expansion expand)
    {
        var first = await FirstAsync(call, item);
        var people = await call.Site.UsersAsync([first.Author, item.V2.Text("ownerId"), item.V2.Text("lastOwnerId"), item.V2.Text("version", "authorId")]);
        var shape = new JsonObject { ["latest"] = !item.IsHistorical };
        if (people[first.Author] is { } creator)
        {
            shape["createdBy"] = creator;
        }

        if (people[item.V2.Text("ownerId")] is { } owner)
        {
            shape["ownedBy"] = owner;
        }

        if (first.At is { } at)
        {
            shape["createdDate"] = at;
        }

        var expandable = new JsonObject();
        await PartAsync("lastUpdated", async () => await VersionAsync(await LatestAsync(call, item)));
        await PartAsync("previousVersion", () => NeighbourAsync(-1));
        await PartAsync("nextVersion", () => NeighbourAsync(1));
        await PartAsync("contributors", async () => await ContributorsAsync(call, item));
        await PartAsync("lastOwnedBy", () => Task.FromResult<JsonNode?>(people[item.V2.Text("lastOwnerId")]));
        shape["_expandable"] = expandable;
        shape["_links"] = V1Links.Self(call, $"{item.Path}/history");
        return shape;

        async Task PartAsync(string name, Func<Task<JsonNode?>> value)
        {
            if (!expand.Has(name))
            {
                expandable[name] = "";
            }
            else if (await value() is { } there)
            {
                shape[name] = there;
            }
        }

        async Task<JsonNode?> VersionAsync(JsonObject? version) =>
            version is null ? null : VersionShape.Of(call, item.Id, version, await call.Site.UsersAsync([version.Text("authorId")]));

        async Task<JsonNode?> NeighbourAsync(int by) => item.Version + by is { } number and > 0 && (by < 0 || item.IsHistorical)
            ? await VersionAsync(await call.V2.FindAsync(string.Create(CultureInfo.InvariantCulture, $"{item.V2Path}/versions/{number}")))
            : null;
    }

    // v2 tells the author of pages and posts, the day of attachments too, and of comments neither: their first version tells.
    private static async Task<(string? Author, string? At)> FirstAsync(V1Call call, ContentItem item)
    {
        if (item.V2.Text("authorId") is { } author)
        {
            return (author, item.V2.Text("createdAt"));
        }

        var first = item.Version == 1
            ? item.V2["version"] as JsonObject
            : await call.V2.GetAsync($"{item.V2Path}/versions/1", () => V1Exception.NoContent(item.Id));
        return (first.Text("authorId"), item.V2.Text("createdAt") ?? first.Text("createdAt"));
    }

    private static async Task<JsonObject?> LatestAsync(V1Call call, ContentItem item) =>
        (item.IsHistorical ? (await ContentReader.ReadAsync(call, item.Kind, item.Id)).V2 : item.V2)["version"] as JsonObject;

    private static async Task<JsonObject> ContributorsAsync(V1Call call, ContentItem item)
    {
        var authors = new List<string>();
        for (var address = $"{item.V2Path}/versions?limit=250&sort=modified-date"; address is not null;)
        {
            var versions = await call.V2.GetAsync(address, () => V1Exception.NoContent(item.Id));
            authors.AddRange(versions.Objects("results").Select(version => version.Text("authorId")).OfType<string>());
            address = Listing.CursorOf(versions.Text("_links", "next")) is { } cursor ? $"{item.V2Path}/versions?limit=250&sort=modified-date&cursor={V1Call.Escape(cursor)}" : null;
        }

        authors = [.. authors.Distinct(StringComparer.Ordinal)];
        return new JsonObject { ["publishers"] = VersionPart.People(authors, await call.Site.UsersAsync(authors)) };
    }
}
