using AtlassianSimulator.Control;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence;

public sealed class SpaceFilterTests : SimulatorTest
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
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { RemovedV1 = RemovedV1.Served });
        var token = await Simulator.AccessTokenAsync();

        foreach (var path in (string[])[$"/wiki/api/v2/{v2}", $"/wiki/rest/api/{v1}"])
        {
            var found = (await Simulator.ConfluenceAsync(token, path).ReadAsync())["results"]!.AsArray();
            Assert.Equal(keys, string.Join(',', found.Select(space => space!.Text("key"))));
        }
    }
}
