using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>What v1 shows of a space wherever it names one.</summary>
/// <param name="Id">v2's id.</param>
/// <param name="Key">v1's key.</param>
/// <param name="Alias">The name that it has in links.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>global</c> or <c>personal</c>.</param>
/// <param name="Status"><c>current</c> or <c>archived</c>.</param>
/// <param name="HomepageId">The id of its home page; null when it has none.</param>
/// <param name="WebUi">Its page, relative to the wiki.</param>
internal sealed record SpaceSummary(string Id, string Key, string? Alias, string? Name, string? Type, string? Status, string? HomepageId, string? WebUi)
{
    /// <summary>The summary of a space of v2; null when it lacks what v1 cannot do without.</summary>
    public static SpaceSummary? Of(JsonObject space) => space.Text("id") is { } id && space.Text("key") is { } key
        ? new SpaceSummary(
            id, key, space.Text("currentActiveAlias"), space.Text("name"), space.Text("type"), space.Text("status"), space.Text("homepageId"), space.Text("_links", "webui"))
        : null;

    /// <summary>v1's path of the space.</summary>
    public string Path => $"/rest/api/space/{V1Call.Escape(Key)}";
}
