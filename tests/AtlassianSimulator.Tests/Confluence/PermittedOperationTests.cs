using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence;

public sealed class PermittedOperationTests : ServedV1Test
{
    [Theory]
    [InlineData("pages/98305", "content/98305", "read page", "create attachment")]
    [InlineData("blogposts/98345", "content/98345", "update blogpost", "create comment")]
    [InlineData("footer-comments/98340", "content/98340", "delete comment", "read comment")]
    [InlineData("inline-comments/98343", "content/98343", "delete comment", "read comment")]
    [InlineData("attachments/att98344", "content/att98344", "delete attachment", "read attachment")]
    [InlineData("spaces/98304", "space/DEMO", "use space", "create blogpost")]
    public async Task Both_versions_permit_the_same(string v2, string v1, params string[] some)
    {
        var asked = await GetV2Async($"{v2}/operations");
        var expanded = await GetAsync($"{v1}?expand=operations");

        Shape.Is(asked, "operations:array");
        Assert.Equal(Words(expanded), Words(asked));
        Assert.Superset(some.ToHashSet(), Words(asked).ToHashSet());
    }

    private static List<string> Words(JsonNode answer) =>
        [.. answer["operations"]!.AsArray().Select(operation => $"{operation!.Text("operation")} {operation!.Text("targetType")}")];
}
