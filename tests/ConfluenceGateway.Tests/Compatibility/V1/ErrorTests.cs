using System.Net;
using System.Text;
using ConfluenceGateway.Compatibility.V1;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>What is wrong with a call is said in v1's words, and what v2 cannot do in the gateway's.</summary>
public sealed class ErrorTests(TwinConnections twins) : IClassFixture<TwinConnections>
{
    [Theory]
    [InlineData("PUT", "content/98306", """{"type":"page","title":"x","version":{"number":9}}""", 409, "ConflictException")]
    [InlineData("PUT", "content/98305/property/editor", """{"value":"v1","version":{"number":7}}""", 409, "ConflictException")]
    [InlineData("POST", "content", """{"type":"page","title":"Getting started","space":{"key":"DEMO"}}""", 400, "title")]
    [InlineData("POST", "content/98305/property", """{"key":"editor","value":1}""", 400, "A property with the key editor already exists")]
    [InlineData("GET", "content/1", "", 404, "No content found with id: ContentId{id=1}")]
    [InlineData("GET", "content/1/property/x", "", 404, "No content found with id: ContentId{id=1}")]
    [InlineData("DELETE", "content/1", "", 404, "No content found with id: ContentId{id=1}")]
    [InlineData("PUT", "content/1", """{"type":"page","title":"x","version":{"number":2}}""", 404, "No content found with id: ContentId{id=1}")]
    [InlineData("GET", "space/NONE", "", 404, "No space with key : NONE")]
    [InlineData("POST", "content", """{"type":"page","title":"x","space":{"key":"NONE"}}""", 404, "No space with key : NONE")]
    [InlineData("POST", "content", """{"type":"page","title":"Orphan","space":{"key":"DEMO"},"ancestors":[{"id":"1"}]}""", 404, "ContentId{id=1}")]
    [InlineData("POST", "content", "", 400, "Could not read the request body as JSON")]
    [InlineData("POST", "content", "{\"type\":", 400, "Could not read the request body as JSON")]
    [InlineData("POST", "content", "[]", 400, "Could not read the request body as JSON")]
    [InlineData("POST", "content", "null", 400, "Could not read the request body as JSON")]
    [InlineData("POST", "content", "\"text\"", 400, "Could not read the request body as JSON")]
    [InlineData("POST", "content", """{"type":"page","type":"blogpost","title":"x","space":{"key":"DEMO"}}""", 400, "Could not read the request body as JSON")]
    [InlineData("POST", "content", """{"type":"page","title":"\ud800","space":{"key":"DEMO"}}""", 400, "Could not read the request body as JSON")]
    [InlineData("POST", "content", """{"title":"x","space":{"key":"DEMO"}}""", 400, "type is required")]
    [InlineData("POST", "content", """{"type":"whiteboard","title":"x","space":{"key":"DEMO"}}""", 400, "Unknown content type : whiteboard")]
    [InlineData("POST", "content", """{"type":"attachment","title":"x","space":{"key":"DEMO"}}""", 400, "upload it to content/{id}/child/attachment")]
    [InlineData("POST", "content", """{"type":"page","space":{"key":"DEMO"}}""", 400, "title is required")]
    [InlineData("POST", "content", """{"type":"page","title":"x"}""", 400, "space.key is required")]
    [InlineData("POST", "content", """{"type":"page","title":"x","space":"DEMO"}""", 400, "space.key is required")]
    [InlineData("POST", "content", """{"type":"page","title":"x","space":{"key":"DEMO"},"status":"trashed"}""", 400, "Content cannot be created with the status trashed")]
    [InlineData("POST", "content", """{"type":"page","title":"x","space":{"key":"DEMO"},"ancestors":{"id":"1"}}""", 400, "ancestors must be a list")]
    [InlineData("POST", "content", """{"type":"page","title":"x","space":{"key":"DEMO"},"ancestors":[{}]}""", 400, "ancestors must each have an id")]
    [InlineData("POST", "content", """{"type":"page","title":"x","space":{"key":"DEMO"},"ancestors":[{"id":"../1"}]}""", 400, "ancestors must be the id of content")]
    [InlineData("POST", "content", """{"type":"page","title":"x","space":{"key":"DEMO"},"body":"<p>x</p>"}""", 400, "body must be an object")]
    [InlineData("POST", "content", """{"type":"page","title":"x","space":{"key":"DEMO"},"body":{"storage":{}}}""", 400, "body has no value")]
    [InlineData("POST", "content", """{"id":"12?x=1","type":"page","title":"x","space":{"key":"DEMO"}}""", 400, "id must be the id of content")]
    [InlineData("POST", "content", """{"type":"comment","body":{"storage":{"value":"x"}}}""", 400, "container.id is required")]
    [InlineData("POST", "content", """{"type":"comment","container":{"id":"98305"}}""", 400, "body is required")]
    [InlineData("POST", "content", """{"type":"comment","container":{"id":"98305/../1"},"body":{"storage":{"value":"x"}}}""", 400, "container.id must be the id of content")]
    [InlineData("PUT", "content/98306", """{"title":"x","version":{"number":2}}""", 400, "type is required")]
    [InlineData("PUT", "content/98306", """{"type":"page","title":"x"}""", 400, "version.number is required")]
    [InlineData("PUT", "content/98306", """{"type":"page","title":"x","version":{"number":"two"}}""", 400, "version.number is required")]
    [InlineData("PUT", "content/98306", """{"type":"blogpost","title":"x","version":{"number":2}}""", 400, "The content 98306 is no blogpost")]
    [InlineData("PUT", "content/98306", """{"type":"comment","version":{"number":2},"body":{"storage":{"value":"x"}}}""", 400, "The content 98306 is no comment")]
    [InlineData("PUT", "content/98305/property/editor", """{"value":1}""", 400, "version.number is required")]
    [InlineData("PUT", "content/98305/property/editor", """{"key":"other","value":1,"version":{"number":2}}""", 400, "The key of the body, other, is not the key of the path, editor")]
    [InlineData("PUT", "content/98305/property/editor", """{"version":{"number":2}}""", 400, "value is required")]
    [InlineData("POST", "content/98305/property", """{"value":1}""", 400, "key is required")]
    [InlineData("PUT", "inlinetasks/98354", """{"status":"done"}""", 400, "status must be complete or incomplete")]
    [InlineData("GET", "content?limit=-1", "", 400, "limit must be a number from 0")]
    [InlineData("GET", "content?start=99999999999", "", 400, "start must be a number from 0")]
    [InlineData("GET", "content?type=folder", "", 400, "Unknown content type : folder")]
    [InlineData("GET", "content?status=lost", "", 400, "Unknown status : lost")]
    [InlineData("GET", "content/98305/child/folder", "", 400, "Unknown content type : folder")]
    [InlineData("GET", "content/98305?expand=a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u", "", 400, "Sub-expansions limit exceeded")]
    [InlineData("POST", "contentbody/convert/nothing", "{}", 400, "Unknown representation : nothing")]
    public async Task What_is_wrong_is_said_as_v1_says_it(string method, string path, string body, int status, string says)
    {
        var reply = await V1Reply.OfAsync(twins.App, "translated", method, path, body);

        Assert.True(status == (int)reply.Status, $"{(int)reply.Status}: {reply.Text}");
        Assert.Equal("application/json", reply.ContentType);
        Assert.Equal(status, reply.Json!["statusCode"]!.GetValue<int>());
        Assert.Equal(status is 404, reply.Json["data"]!["valid"]!.GetValue<bool>());
        Assert.StartsWith("com.atlassian.confluence.api.service.exceptions.", reply.Json["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(says, reply.Json["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Single(reply.Warnings);
    }

    [Theory]
    [InlineData("GET", "content/98305?expand=metadata.currentuser", "", "metadata.currentuser")]
    [InlineData("GET", "content/98305?expand=metadata.frontend", "", "metadata.frontend")]
    [InlineData("GET", "content/98305?expand=macroRenderedOutput", "", "macroRenderedOutput")]
    [InlineData("GET", "content/98305?expand=schedulePublishDate", "", "schedulePublishDate")]
    [InlineData("GET", "content?expand=schedulePublishInfo", "", "schedulePublishInfo")]
    [InlineData("GET", "content/98305?expand=body.styled_view", "", "body.view")]
    [InlineData("GET", "content/98305?expand=body.editor", "", "editor")]
    [InlineData("GET", "content/98305?expand=body.editor2", "", "editor2")]
    [InlineData("GET", "content/98305?expand=body.wiki", "", "body-format")]
    [InlineData("GET", "content/98305?expand=body.dynamic", "", "dynamic")]
    [InlineData("GET", "content/98305?expand=body.raw", "", "raw")]
    [InlineData("GET", "content?postingDay=2025-01-01&type=blogpost", "", "postingDay")]
    [InlineData("GET", "content?type=comment&spaceKey=DEMO", "", "/child/comment")]
    [InlineData("GET", "content?type=attachment&title=x", "", "/child/attachment")]
    [InlineData("GET", "content?type=attachment&status=trashed", "", "status")]
    [InlineData("GET", "content?orderby=space.name", "", "space.name")]
    [InlineData("GET", "content?status=draft", "", "draft")]
    [InlineData("GET", "content?status=historical", "", "historical")]
    [InlineData("GET", "content/98340/label", "", "labels of comments")]
    [InlineData("GET", "content/98305/property?key=a&key=b", "", "/wiki/api/v2/pages/98305/properties?key=")]
    [InlineData("GET", "space?favourite=true", "", "favourite")]
    [InlineData("GET", "space/DEMO?expand=settings", "", "/rest/api/space/DEMO/settings")]
    [InlineData("GET", "space/DEMO?expand=theme", "", "/rest/api/space/DEMO/theme")]
    [InlineData("GET", "space/DEMO?expand=lookAndFeel", "", "lookandfeel?spaceKey=DEMO")]
    [InlineData("GET", "space/DEMO?expand=permissions", "", "/wiki/api/v2/spaces/98304/permissions")]
    [InlineData("GET", "space/DEMO?expand=identifiers", "", "identifiers")]
    [InlineData("PUT", "content/att98344", """{"type":"attachment","title":"x","version":{"number":2}}""", "/child/attachment/att98344")]
    [InlineData("PUT", "content/98306", """{"type":"page","title":"x","status":"trashed","version":{"number":2}}""", "DELETE")]
    [InlineData("POST", "content", """{"type":"page","title":"x","space":{"key":"DEMO"},"body":{"editor":{"value":"x"}}}""", "storage, atlas_doc_format, wiki")]
    [InlineData("POST", "contentbody/convert/view", """{"value":"x","representation":"storage"}""", "export_view")]
    public async Task What_v2_cannot_do_is_named_with_what_to_do_instead(string method, string path, string body, string names)
    {
        var reply = await V1Reply.OfAsync(twins.App, "translated", method, path, body);

        Assert.True(HttpStatusCode.NotImplemented == reply.Status, $"{(int)reply.Status}: {reply.Text}");
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Equal("urn:confluence-gateway:problem:v1-not-on-v2", reply.Json!["type"]!.GetValue<string>());
        Assert.Contains(names, reply.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_longer_than_Confluence_takes_is_refused(bool isChunked)
    {
        var text = """{"type":"page","title":"Long","space":{"key":"DEMO"},"body":{"storage":{"value": """ + '"' + new string('x', SentJson.LongestBody) + "\"}}}";
        foreach (var sent in new[] { text, text[..(SentJson.LongestBody + 1)] })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/confluence/translated/wiki/rest/api/content") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(sent)) };
            request.Headers.TransferEncodingChunked = isChunked;

            using var answer = await twins.App.SendAsync(request);

            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            Assert.Contains("\"statusCode\":413", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_that_is_no_text_is_no_JSON()
    {
        byte[] latin1 = [.. """{"type":"page","title":"M"""u8, 0xfc, .. """ller","space":{"key":"DEMO"}}"""u8];

        using var answer = await twins.App.PostAsync("/confluence/translated/wiki/rest/api/content", new ByteArrayContent(latin1));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Could not read the request body as JSON", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_JSON()
    {
        byte[] marked = [.. Encoding.UTF8.GetPreamble(), .. """{"type":"page","title":"Marked","space":{"key":"DEMO"},"body":{"storage":{"value":"<p>x</p>"}}}"""u8];

        using var answer = await twins.App.PostAsync("/confluence/translated/wiki/rest/api/content", new ByteArrayContent(marked));

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_would_be_more_than_an_answer_can_hold_is_refused()
    {
        var expand = string.Join('.', Enumerable.Repeat("children.page.ancestors", 6));

        var reply = await V1Reply.OfAsync(twins.App, "translated", "GET", $"content/98305?expand={expand}");

        Assert.True(HttpStatusCode.BadRequest == reply.Status, $"{(int)reply.Status} {reply.Text.Length}");
        Assert.Contains("Sub-expansions limit exceeded", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("content/098305x")]
    [InlineData("content/att")]
    [InlineData("content/-1")]
    [InlineData("content/98305%20")]
    [InlineData("content/99999999999999999999")]
    [InlineData("content/98305/child/page/more")]
    public async Task What_is_no_id_is_no_operation_that_was_removed(string path)
    {
        var reply = await V1Reply.OfAsync(twins.App, "translated", "GET", path);

        Assert.Empty(reply.Warnings);
        Assert.NotEqual(HttpStatusCode.OK, reply.Status);
    }

    [Theory]
    [InlineData("content/98305?expand=body.view,version", 200)]
    [InlineData("content/1", 404)]
    [InlineData("content/98305?expand=body.editor", 501)]
    [InlineData("space/DEMO", 200)]
    public async Task HEAD_is_answered_like_GET_without_the_body(string path, int status)
    {
        using var get = await twins.App.GetAsync("/confluence/translated/wiki/rest/api/" + path);
        using var head = await twins.App.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/confluence/translated/wiki/rest/api/" + path));

        Assert.Equal(status, (int)get.StatusCode);
        Assert.Equal(status, (int)head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Headers.NonValidated["Warning"].ToString(), head.Headers.NonValidated["Warning"].ToString());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }
}
