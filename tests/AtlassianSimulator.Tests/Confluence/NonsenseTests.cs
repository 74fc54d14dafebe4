using System.Text;
using AtlassianSimulator.Control;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence;

public sealed class NonsenseTests : SimulatorTest
{
    private static readonly string[] Bodies =
    [
        "", "null", "7", "[]", "[[]]", "\"x\"", "{}", "{", "{\"a\":1,\"a\":2}",
        """{"id":[1],"type":["page"],"status":{},"title":{},"spaceId":{},"space":"DEMO","body":[],"version":"2","key":{},"name":[]}""",
        """{"id":"98306","type":"page","status":"current","title":"t","spaceId":"98304","space":{"key":[]},"body":{"storage":"x"},"version":{"number":[2]}}""",
        """{"id":"98306","type":"page","status":"lost","title":"t","spaceId":"x","space":{"key":"x"},"body":{"storage":{"value":{}}},"version":{"number":"two"}}""",
        """{"id":"98306","type":"page","title":"t","space":{"key":"DEMO"},"ancestors":[7],"body":{"atlas_doc_format":{"value":"{","representation":"atlas_doc_format"}}}""",
        """{"type":"page","title":"t","space":{"key":"DEMO"},"metadata":{"labels":[7,{"name":[]}],"properties":{"a":7,"b":{"value":null}}},"status":7}""",
        """{"type":"comment","ancestors":[{"id":"98340"}],"extensions":[],"contentIds":[[],{}],"status":[],"value":[],"representation":{}}""",
        """{"type":"comment","container":"x","pageId":{},"parentCommentId":[],"inlineCommentProperties":[],"body":{"representation":7,"value":7}}""",
    ];

    [Theory]
    [InlineData("POST", "/wiki/api/v2/pages")]
    [InlineData("PUT", "/wiki/api/v2/pages/98306")]
    [InlineData("POST", "/wiki/api/v2/blogposts")]
    [InlineData("POST", "/wiki/api/v2/footer-comments")]
    [InlineData("PUT", "/wiki/api/v2/footer-comments/98340")]
    [InlineData("POST", "/wiki/api/v2/inline-comments")]
    [InlineData("POST", "/wiki/api/v2/pages/98306/properties")]
    [InlineData("PUT", "/wiki/api/v2/pages/98305/properties/98338")]
    [InlineData("POST", "/wiki/api/v2/content/convert-ids-to-types")]
    [InlineData("PUT", "/wiki/api/v2/tasks/98349")]
    [InlineData("POST", "/wiki/rest/api/content")]
    [InlineData("PUT", "/wiki/rest/api/content/98306")]
    [InlineData("POST", "/wiki/rest/api/content/98306/label")]
    [InlineData("POST", "/wiki/rest/api/content/98306/property")]
    [InlineData("PUT", "/wiki/rest/api/content/98305/property/editor")]
    [InlineData("POST", "/wiki/rest/api/content/98306/child/attachment")]
    [InlineData("POST", "/wiki/rest/api/contentbody/convert/view")]
    [InlineData("POST", "/wiki/rest/api/contentbody/convert/async/export_view")]
    [InlineData("PUT", "/wiki/rest/api/inlinetasks/98349")]
    public async Task Never_breaks_the_simulator(string method, string path)
    {
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { RemovedV1 = RemovedV1.Served });
        var token = await Simulator.AccessTokenAsync();

        foreach (var body in Bodies)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await Simulator.ConfluenceAsync(
                token, path, new HttpMethod(method), content, change: request => request.Headers.Add("X-Atlassian-Token", "no-check"));
            Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} for {body}");
        }
    }

    [Theory]
    [InlineData("/oauth/token", "application/json")]
    [InlineData("/oauth/token", "multipart/form-data; boundary=x")]
    [InlineData("/oauth/token", "application/x-www-form-urlencoded")]
    [InlineData("/authorize", "multipart/form-data; boundary=x")]
    [InlineData("/authorize", "application/x-www-form-urlencoded")]
    [InlineData("/_simulator/grants", "application/json")]
    [InlineData("/_simulator/faults", "application/json")]
    public async Task Is_refused_everywhere_else_too(string path, string contentType)
    {
        foreach (var body in (string[])[.. Bodies, "%zz=%", "{\"grant_type\":\"\\ud800\"}", "--x\r\n"])
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            using var answer = await Simulator.Http.PostAsync(path, content);
            Assert.True((int)answer.StatusCode == 400, $"{(int)answer.StatusCode} for {body}");
        }
    }
}
