using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Makes v1's JSON of a version.</summary>
internal static class VersionShape
{
    /// <summary>v1's JSON of the version of some content.</summary>
    /// <param name="call">The call.</param>
    /// <param name="contentId">The content.</param>
    /// <param name="version">The version, as v2 gives it.</param>
    /// <param name="users">Who made it, among others.</param>
    public static JsonObject Of(V1Call call, string contentId, JsonObject version, Users users)
    {
        var number = version.Text("number");
        var shape = new JsonObject();
        if (users[version.Text("authorId")] is { } author)
        {
            shape["by"] = author;
        }

        shape.Copy("when", version, "createdAt");
        shape["message"] = version.Text("message") ?? "";
        shape.Copy("number", version);
        shape.Copy("minorEdit", version);
        shape.Copy("contentTypeModified", version);
        shape["_expandable"] = new JsonObject { ["collaborators"] = "", ["content"] = $"/rest/api/content/{contentId}?status=historical&version={number}" };
        shape["_links"] = V1Links.Self(call, $"/rest/api/content/{contentId}/version/{number}");
        return shape;
    }
}
