using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence;

public sealed class SpaceFilterTests : ServedV1Test
{
    [Theory]
    [InlineData("spaces?type=global&keys=DEMO", "space?type=global&spaceKey=DEMO", "DEMO")]
    [InlineData("spaces?status=current&keys=ENG", "space?status=current&spaceKey=ENG", "ENG")]
    [InlineData("spaces?type=personal", "space?type=personal", "")]
    [InlineData("spaces?status=archived", "space?status=archived", "")]
    [InlineData("spaces?type=global&status=current", "space?type=global&status=current", "DEMO,ENG")]
    [InlineData("spaces?labels=team-space", "space?label=team-space", "DEMO")]
    [InlineData("spaces?labels=nothing", "space?label=nothing", "")]
    [InlineData("spaces?ids=98304", "space?spaceId=98304", "DEMO")]
    public async Task Spaces_are_found_by_every_filter_at_once(string v2, string v1, string keys)
    {
        foreach (var answer in (JsonNode[])[await GetV2Async(v2), await GetAsync(v1)])
        {
            Assert.Equal(keys, string.Join(',', answer["results"]!.AsArray().Select(space => space!.Text("key"))));
        }
    }
}
