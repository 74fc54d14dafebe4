using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>Downloads by the path of Confluence's own links, and redirects to the media host.</summary>
public sealed class AttachmentDownloadTests(Stores stores)
{
    private const string Name = "a b+c&d ü.txt";
    private static readonly byte[] First = Encoding.UTF8.GetBytes("the first version");
    private static readonly byte[] Second = Encoding.UTF8.GetBytes("the second version");

    [Theory]
    [InlineData("/wiki/download/attachments/{0}/{1}", false)]
    [InlineData("/download/attachments/{0}/{1}", false)]
    [InlineData("/wiki/download/attachments/{0}/{1}?version=1&modificationDate=1709546400000&cacheVersion=1&api=v2", true)]
    public async Task It_is_served_by_the_REST_download(string path, bool first)
    {
        await using var world = await World.ConnectedAsync(stores, "--Compatibility:FollowMediaRedirects=true");
        var page = await UploadTwiceAsync(world);

        var content = await world.Gateway.App.GetByteArrayAsync("/confluence/demo" + string.Format(null, path, page, Uri.EscapeDataString(Name)));

        Assert.Equal(first ? First : Second, content);
        Assert.DoesNotContain(await world.Atlassian.GetRequestsAsync(), request => request.Target.Contains("/download/attachments/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_following_the_redirect_is_the_callers()
    {
        await using var world = await World.ConnectedAsync(stores);
        var page = await UploadTwiceAsync(world);

        using var answer = await world.Gateway.App.GetAsync($"/confluence/demo/wiki/download/attachments/{page}/{Uri.EscapeDataString(Name)}");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        using var media = new HttpClient(new SocketsHttpHandler());
        Assert.Equal(Second, await media.GetByteArrayAsync(answer.Headers.Location));
    }

    [Fact]
    public async Task A_blog_posts_attachment_is_found_too()
    {
        await using var world = await World.ConnectedAsync(stores, "--Compatibility:FollowMediaRedirects=true");
        var post = await UploadTwiceAsync(world, "blogposts");

        Assert.Equal(Second, await world.Gateway.App.GetByteArrayAsync($"/confluence/demo/wiki/download/attachments/{post}/{Uri.EscapeDataString(Name)}"));
    }

    [Fact]
    public async Task A_range_and_a_validator_reach_the_media_host_and_the_token_does_not()
    {
        await using var world = await World.ConnectedAsync(stores, "--Compatibility:FollowMediaRedirects=true");
        var page = await UploadTwiceAsync(world);
        using var part = new HttpRequestMessage(HttpMethod.Get, $"/confluence/demo/wiki/download/attachments/{page}/{Uri.EscapeDataString(Name)}");
        part.Headers.TryAddWithoutValidation("Range", "bytes=4-9");

        // The media host of the simulator turns away whoever brings credentials.
        using var answer = await world.Gateway.App.SendAsync(part);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal("bytes 4-9/18", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal("second", await answer.Content.ReadAsStringAsync());

        using var again = new HttpRequestMessage(HttpMethod.Get, part.RequestUri);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var known = await world.Gateway.App.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
    }

    [Fact]
    public async Task A_head_tells_the_length_and_a_connection_chooses_for_itself()
    {
        await using var world = await World.ConnectedAsync(stores);
        var page = await UploadTwiceAsync(world);
        using var chosen = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { compatibility = new { followMediaRedirects = true } });
        Assert.Equal(HttpStatusCode.OK, chosen.StatusCode);
        var path = $"/confluence/demo/wiki/download/attachments/{page}/{Uri.EscapeDataString(Name)}";

        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await world.Gateway.App.SendAsync(head);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Second.Length, answer.Content.Headers.ContentLength);

        using var undone = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { compatibility = new { } });
        using var passed = await world.Gateway.App.GetAsync(path);
        Assert.Equal(HttpStatusCode.Found, passed.StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_is_a_404_and_what_Atlassian_denies_is_its_own_answer()
    {
        await using var world = await World.ConnectedAsync(stores);
        var page = await UploadTwiceAsync(world);

        using var noFile = await world.Gateway.App.GetAsync($"/confluence/demo/wiki/download/attachments/{page}/none.txt");
        await noFile.ProblemAsync(HttpStatusCode.NotFound, "unknown-attachment");
        using var noPage = await world.Gateway.App.GetAsync("/confluence/demo/wiki/download/attachments/999999/none.txt");
        Assert.Equal(HttpStatusCode.NotFound, noPage.StatusCode);
        Assert.Contains("NOT_FOUND", await noPage.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 429, RetryAfter = 7, Times = 1 });
        using var throttled = await world.Gateway.App.GetAsync($"/confluence/demo/wiki/download/attachments/{page}/none.txt");
        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), throttled.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_token_rejected_on_the_way_costs_one_refresh()
    {
        await using var world = await World.ConnectedAsync(stores, "--Compatibility:FollowMediaRedirects=true");
        var page = await UploadTwiceAsync(world);
        await world.Atlassian.ExpireAccessTokensAsync((await world.GrantAsync()).Id);

        Assert.Equal(Second, await world.Gateway.App.GetByteArrayAsync($"/confluence/demo/wiki/download/attachments/{page}/{Uri.EscapeDataString(Name)}"));

        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
    }

    private static async Task<string> UploadTwiceAsync(World world, string kind = "pages")
    {
        var id = (await world.Gateway.App.GetFromJsonAsync<JsonElement>($"/confluence/demo/wiki/api/v2/{kind}?limit=1")).GetProperty("results")[0].GetProperty("id").GetString()!;
        foreach (var content in new[] { First, Second })
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", Name } };
            using var uploaded = await world.Gateway.App.PutAsync($"/confluence/demo/wiki/rest/api/content/{id}/child/attachment", form);
            Assert.True(uploaded.IsSuccessStatusCode, await uploaded.Content.ReadAsStringAsync());
        }

        return id;
    }
}
