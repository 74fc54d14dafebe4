using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AtlassianSimulator.Media;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Media;

public sealed class MediaHostTests : SimulatorTest
{
    [Fact]
    public async Task A_link_gives_the_file_to_whoever_has_it()
    {
        using var answer = await Simulator.Http.GetAsync(await LinkAsync());

        Assert.Equal("Hello from acme.\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal(("text/plain", "bytes"), (answer.Header("content-type"), answer.Header("accept-ranges")));
        Assert.Matches("^\"[0-9a-f]{64}\"$", answer.Header("etag"));
        Assert.Contains("hello.txt", answer.Header("content-disposition"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, await LinkAsync());
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "eyJ");

        Assert.Equal(HttpStatusCode.Forbidden, await Simulator.Http.SendAsync(request).StatusAsync());
    }

    [Fact]
    public async Task A_range_is_a_part_of_the_file()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, await LinkAsync());
        request.Headers.Range = new RangeHeaderValue(6, 9);

        using var answer = await Simulator.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.PartialContent, "from"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal("bytes 6-9/17", answer.Header("content-range"));
    }

    [Fact]
    public async Task An_etag_that_still_fits_saves_the_body()
    {
        var link = await LinkAsync();
        using var first = await Simulator.Http.GetAsync(link);
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        Assert.Equal(HttpStatusCode.NotModified, await Simulator.Http.SendAsync(request).StatusAsync());
    }

    [Fact]
    public async Task A_link_is_good_for_ten_minutes()
    {
        var link = await LinkAsync();
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(11));

        Assert.Equal(HttpStatusCode.Forbidden, await Simulator.Http.GetAsync(link).StatusAsync());
    }

    [Theory]
    [InlineData("?token=eyJ.made.up")]
    [InlineData("?token=")]
    [InlineData("")]
    public async Task A_bad_token_is_refused(string query)
    {
        var link = await LinkAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await Simulator.Http.GetAsync(new Uri(link.GetLeftPart(UriPartial.Path) + query)).StatusAsync());
    }

    [Fact]
    public async Task A_token_opens_its_own_file_only()
    {
        var link = await LinkAsync();
        var other = link.ToString().Replace(link.Segments[2], $"{Guid.NewGuid()}/", StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, await Simulator.Http.GetAsync(other).StatusAsync());
    }

    [Fact]
    public async Task The_two_hosts_answer_their_own_paths_only()
    {
        Assert.Equal(HttpStatusCode.NotFound, await Simulator.Http.GetAsync(new Uri(Simulator.Addresses.MediaUrl, "/_simulator/state")).StatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await Simulator.Http.GetAsync("/file/x/binary").StatusAsync());
    }

    [Fact]
    public void The_files_are_gone_when_the_store_is()
    {
        string path;
        using (var store = new MediaStore())
        {
            path = store.Keep("text/plain", [1]).Path;
            Assert.True(File.Exists(path));
        }

        Assert.False(File.Exists(path));
    }

    private async Task<Uri> LinkAsync()
    {
        var token = await Simulator.AccessTokenAsync();
        var attachments = await Simulator.ConfluenceAsync(token, "/wiki/api/v2/pages/98305/attachments").ReadAsync();
        var id = Assert.Single((JsonArray)attachments["results"]!)!.Text("id");
        using var answer = await Simulator.ConfluenceAsync(token, $"/wiki/rest/api/content/98305/child/attachment/{id}/download");
        return answer.Headers.Location!;
    }
}
