using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class AttachmentTests : SimulatorTest
{
    private const string Attachments = "/wiki/rest/api/content/98306/child/attachment";

    private string? _token;

    [Fact]
    public async Task Five_megabytes_come_back_as_they_went()
    {
        var content = RandomNumberGenerator.GetBytes(5 * 1024 * 1024);

        var uploaded = await UploadAsync(HttpMethod.Post, "big.bin", content).ReadAsync();

        var attachment = Assert.Single(uploaded["results"]!.AsArray())!;
        Assert.Equal(content.Length, attachment["extensions"]!["fileSize"]!.GetValue<long>());
        var downloaded = await Simulator.Http.GetByteArrayAsync(await LocationAsync(attachment.Text("id")));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), Convert.ToHexString(SHA256.HashData(downloaded)));
    }

    [Fact]
    public async Task An_uploaded_attachment_has_v1s_shape_and_v2_sees_it()
    {
        var uploaded = await UploadAsync(HttpMethod.Post, "note.txt", [1, 2, 3], comment: "why", minorEdit: "true").ReadAsync();

        Shape.Is(uploaded, "results:array", "start:number", "limit:number", "size:number", "_links:object");
        var attachment = uploaded["results"]![0]!;
        Shape.Is(
            attachment, "id:string", "type:string", "status:string", "title:string", "version:object", "container:object", "metadata:object",
            "macroRenderedOutput:object", "extensions:object", "_expandable:object", "_links:object");
        Assert.Equal(("attachment", "why"), (attachment.Text("type"), attachment["metadata"]!.Text("comment")));
        Assert.True(attachment["version"]!["minorEdit"]!.GetValue<bool>());
        Assert.StartsWith("/download/attachments/98306/note.txt?version=1", attachment["_links"]!.Text("download"), StringComparison.Ordinal);
        var seen = await Simulator.ConfluenceAsync(await TokenAsync(), "/wiki/api/v2/pages/98306/attachments").ReadAsync();
        Assert.Equal(attachment.Text("id"), Assert.Single(seen["results"]!.AsArray())!.Text("id"));
    }

    [Fact]
    public async Task Post_refuses_a_name_that_exists_and_put_makes_a_version_of_it()
    {
        await UploadAsync(HttpMethod.Post, "a.txt", [1]).ReadAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await UploadAsync(HttpMethod.Post, "a.txt", [2]).StatusAsync());
        var replaced = (await UploadAsync(HttpMethod.Put, "a.txt", [3]).ReadAsync())["results"]![0]!;

        Assert.Equal(2, replaced["version"]!["number"]!.GetValue<int>());
        Assert.Equal([3], await Simulator.Http.GetByteArrayAsync(await LocationAsync(replaced.Text("id"))));
        Assert.Equal([1], await Simulator.Http.GetByteArrayAsync(await LocationAsync(replaced.Text("id"), "?version=1")));
    }

    [Fact]
    public async Task Several_files_in_one_upload_keep_their_comments()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent([1]), "file", "one.txt" }, { new StringContent("first"), "comment" },
            { new ByteArrayContent([2]), "file", "two.txt" }, { new StringContent("second"), "comment" },
        };

        var uploaded = await SendAsync(HttpMethod.Post, form).ReadAsync();

        Assert.Equal(
            [("one.txt", "first"), ("two.txt", "second")],
            uploaded["results"]!.AsArray().Select(file => (file!.Text("title"), file!["extensions"]!.Text("comment"))));
    }

    [Fact]
    public async Task New_data_for_an_attachment_is_its_next_version()
    {
        var first = (await UploadAsync(HttpMethod.Post, "a.txt", [1]).ReadAsync())["results"]![0]!;
        using var form = new MultipartFormDataContent { { new ByteArrayContent([9]), "file", "renamed.txt" } };

        var second = await SendAsync(HttpMethod.Post, form, $"{Attachments}/{first.Text("id")}/data").ReadAsync();

        Assert.Equal((2, "a.txt"), (second["version"]!["number"]!.GetValue<int>(), second.Text("title")));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Forbidden)]
    [InlineData("check", HttpStatusCode.Forbidden)]
    [InlineData("no-check", HttpStatusCode.OK)]
    [InlineData("nocheck", HttpStatusCode.OK)]
    public async Task An_upload_needs_the_atlassian_token(string? value, HttpStatusCode expected)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "a.txt" } };

        using var answer = await SendAsync(HttpMethod.Post, form, atlassianToken: value);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Forbidden, await answer.Content.ReadAsStringAsync() == "XSRF check failed");
    }

    [Theory]
    [InlineData("GET", "/wiki/api/v2/pages", HttpStatusCode.OK)]
    [InlineData("POST", "/wiki/api/v2/pages", HttpStatusCode.Forbidden)]
    [InlineData("PUT", "/wiki/api/v2/pages/98306", HttpStatusCode.Forbidden)]
    [InlineData("DELETE", "/wiki/api/v2/pages/98306", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/wiki/rest/api/content/98306/label", HttpStatusCode.Forbidden)]
    public async Task A_browser_may_only_read(string method, string path, HttpStatusCode expected)
    {
        using var answer = await Simulator.ConfluenceAsync(await TokenAsync(), path, new HttpMethod(method), change: request =>
        {
            request.Headers.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0");
            request.Headers.Add("X-Atlassian-Token", "no-check");
        });

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_download_redirects_to_the_media_host_with_a_token()
    {
        var location = await LocationAsync((await UploadAsync(HttpMethod.Post, "a b.txt", [1]).ReadAsync())["results"]![0]!.Text("id"));

        Assert.Equal(Simulator.Addresses.MediaUrl.Authority, location.Authority);
        Assert.Matches("^/file/[0-9a-f-]{36}/binary$", location.AbsolutePath);
        var query = RunningSimulator.QueryOf(location);
        Assert.Equal(["client", "name", "token"], query.Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("eyJ", query["token"], StringComparison.Ordinal);
        Assert.Equal("a b.txt", query["name"]);
    }

    [Fact]
    public async Task A_download_needs_its_classic_scope()
    {
        var token = await Simulator.AccessTokenAsync("alice", "read:attachment:confluence");

        Assert.Equal(HttpStatusCode.Unauthorized, await Simulator.ConfluenceAsync(token, $"{Attachments}/att1/download").StatusAsync());
    }

    [Fact]
    public async Task The_old_servlet_turns_tokens_away()
    {
        using var answer = await Simulator.ConfluenceAsync(await TokenAsync(), "/wiki/download/attachments/98305/hello.txt?version=1&api=v2");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("OAuth realm=\"https://acme.atlassian.net/wiki\"", answer.Header("www-authenticate"));
    }

    [Fact]
    public async Task What_is_not_an_upload_is_refused()
    {
        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var noFile = new MultipartFormDataContent { { new StringContent("x"), "comment" } };
        using var noName = new MultipartFormDataContent { { new StringContent("x"), "file" } };
        using var broken = new StringContent("--b\r\nnonsense", System.Text.Encoding.UTF8, "text/plain");
        broken.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");

        foreach (var content in (HttpContent[])[json, noFile, noName, broken])
        {
            Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Post, content).StatusAsync());
        }
    }

    [Fact]
    public async Task An_upload_to_nowhere_is_not_found() => Assert.Equal(
        HttpStatusCode.NotFound,
        await UploadAsync(HttpMethod.Post, "a.txt", [1], path: "/wiki/rest/api/content/1/child/attachment").StatusAsync());

    private async Task<HttpResponseMessage> UploadAsync(
        HttpMethod method, string name, byte[] content, string? comment = null, string? minorEdit = null, string path = Attachments)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", name } };
        if (comment is not null)
        {
            form.Add(new StringContent(comment), "comment");
        }

        if (minorEdit is not null)
        {
            form.Add(new StringContent(minorEdit), "minorEdit");
        }

        return await SendAsync(method, form, path);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, HttpContent content, string path = Attachments, string? atlassianToken = "no-check") =>
        await Simulator.ConfluenceAsync(await TokenAsync(), path, method, content, change: request =>
        {
            if (atlassianToken is not null)
            {
                request.Headers.Add("X-Atlassian-Token", atlassianToken);
            }
        });

    private async Task<Uri> LocationAsync(string attachmentId, string query = "")
    {
        using var answer = await Simulator.ConfluenceAsync(await TokenAsync(), $"{Attachments}/{attachmentId}/download{query}");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!;
    }

    private async Task<string> TokenAsync() => _token ??= await Simulator.AccessTokenAsync();
}
