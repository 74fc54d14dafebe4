using System.Net;
using System.Text;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class LabelTests : SimulatorTest
{
    private const string Labels = "/wiki/rest/api/content/98306/label";

    [Fact]
    public async Task Labels_are_added_once_and_removed_by_path_and_by_name()
    {
        var token = await Simulator.AccessTokenAsync();
        await Simulator.ConfluenceAsync(token, Labels, HttpMethod.Post, Json("""[{"prefix":"global","name":"one"},{"name":"Two"}]""")).ReadAsync();
        var added = await Simulator.ConfluenceAsync(token, Labels, HttpMethod.Post, Json("""{"name":"one"}""")).ReadAsync();

        Assert.Equal(["one", "two"], added["results"]!.AsArray().Select(label => label!.Text("name")));
        Assert.Equal(HttpStatusCode.NoContent, await Simulator.ConfluenceAsync(token, $"{Labels}/one", HttpMethod.Delete).StatusAsync());
        Assert.Equal(HttpStatusCode.NoContent, await Simulator.ConfluenceAsync(token, $"{Labels}?name=two", HttpMethod.Delete).StatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await Simulator.ConfluenceAsync(token, $"{Labels}/one", HttpMethod.Delete).StatusAsync());
    }

    [Theory]
    [InlineData("""{"name":"two words"}""")]
    [InlineData("""{}""")]
    [InlineData("\"one\"")]
    public async Task An_unusable_label_is_refused(string body) => Assert.Equal(
        HttpStatusCode.BadRequest,
        await Simulator.ConfluenceAsync(await Simulator.AccessTokenAsync(), Labels, HttpMethod.Post, Json(body)).StatusAsync());

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
