using System.Net;
using AtlassianSimulator.Control;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class RemovedConversionTests : SimulatorTest
{
    [Theory]
    [InlineData("storage", "view")]
    [InlineData("storage", "export_view")]
    [InlineData("storage", "styled_view")]
    [InlineData("storage", "editor")]
    [InlineData("editor", "storage")]
    public async Task A_body_is_converted_at_once(string from, string to)
    {
        var converted = await ConvertAsync(to, new { value = "<p>x</p>", representation = from }).ReadAsync();

        Shape.Is(converted, "value:string", "representation:string", "embeddedContent:array", "_expandable:object");
        Assert.Equal(("<p>x</p>", to), (converted.Text("value"), converted.Text("representation")));
    }

    [Theory]
    [InlineData("view", "storage", HttpStatusCode.BadRequest)]
    [InlineData("editor", "view", HttpStatusCode.BadRequest)]
    [InlineData("storage", "nonsense", HttpStatusCode.BadRequest)]
    [InlineData("storage", "view?contentIdContext=1", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_converted_is_refused(string from, string to, HttpStatusCode status) =>
        Assert.Equal(status, await ConvertAsync(to, new { value = "<p>x</p>", representation = from }).StatusAsync());

    private async Task<HttpResponseMessage> ConvertAsync(string to, object body)
    {
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { RemovedV1 = RemovedV1.Served });
        return await Simulator.ConfluenceAsync(await Simulator.AccessTokenAsync(), $"/wiki/rest/api/contentbody/convert/{to}", HttpMethod.Post, body);
    }
}
