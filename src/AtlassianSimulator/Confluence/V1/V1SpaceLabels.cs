namespace AtlassianSimulator.Confluence.V1;

/// <summary>Labels of spaces, for reading, which v1 keeps.</summary>
internal static class V1SpaceLabels
{
    private const int StandardLimit = 200;

    public static void Map(ConfluenceOperations operations) => operations.V1("GET", "/space/{key}/label", "read:confluence-space.summary", call =>
    {
        var space = V1Query.Space(call, call.Route("key"));
        var prefix = call.Query("prefix");
        return V1Paging.Page(call, space.Labels.Where(label => prefix is null || label.Prefix == prefix), V1Shapes.Label, StandardLimit);
    });
}
