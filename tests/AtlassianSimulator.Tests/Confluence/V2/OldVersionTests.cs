using System.Net;
using System.Net.Http.Headers;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V2;

public sealed class OldVersionTests : SimulatorTest
{
    private string? _token;

    [Fact]
    public async Task An_old_version_of_a_comment_is_historical()
    {
        var update = new { version = new { number = 2 }, body = new { representation = "storage", value = "<p>Better.</p>" } };
        await SendAsync(HttpMethod.Put, "/api/v2/footer-comments/98340", update).ReadAsync();

        var old = await SendAsync(HttpMethod.Get, "/api/v2/footer-comments/98340?version=1&body-format=storage").ReadAsync();

        Assert.Equal(("historical", "<p>Good to have this.</p>"), (old.Text("status"), old["body"]!["storage"]!.Text("value")));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "/api/v2/footer-comments/98340?version=3").StatusAsync());
    }

    [Fact]
    public async Task An_old_version_of_an_attachment_leads_to_its_own_file()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "file", "hello.txt" } };
        await SendAsync(HttpMethod.Put, "/rest/api/content/98305/child/attachment", form).ReadAsync();

        var old = await SendAsync(HttpMethod.Get, "/api/v2/attachments/att98344?version=1").ReadAsync();
        var latest = await SendAsync(HttpMethod.Get, "/api/v2/attachments/att98344?version=2").ReadAsync();

        Assert.Equal(("historical", "text/plain"), (old.Text("status"), old.Text("mediaType")));
        Assert.Contains("?version=1&", old.Text("downloadLink"), StringComparison.Ordinal);
        Assert.Equal(("current", "image/png", 3), (latest.Text("status"), latest.Text("mediaType"), latest["fileSize"]!.GetValue<int>()));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null) => await Simulator.ConfluenceAsync(
        _token ??= await Simulator.AccessTokenAsync(), $"/wiki{path}", method, body, change: request => request.Headers.Add("X-Atlassian-Token", "no-check"));
}
