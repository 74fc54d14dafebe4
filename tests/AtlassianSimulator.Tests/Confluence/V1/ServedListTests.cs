using System.Net;
using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class ServedListTests : ServedV1Test
{
    [Theory]
    [InlineData("id", "98305")]
    [InlineData("id desc", "98335")]
    [InlineData("title", "98312")]
    [InlineData("title asc", "98312")]
    [InlineData("title desc", "98323")]
    [InlineData("created desc", "98335")]
    [InlineData("history.createdDate desc", "98335")]
    [InlineData("modified desc", "98305")]
    public async Task Content_is_ordered_as_asked(string order, string first)
    {
        var content = await GetAsync($"content?spaceKey=DEMO&limit=1&orderby={Uri.EscapeDataString(order)}");

        Assert.Equal(first, content["results"]![0]!.Text("id"));
    }

    [Theory]
    [InlineData("orderby=colour")]
    [InlineData("orderby=title%20sideways")]
    [InlineData("type=nonsense")]
    [InlineData("type=blogpost&postingDay=yesterday")]
    public async Task A_list_that_cannot_be_made_is_refused(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Get, $"content?{query}").StatusAsync());

    [Fact]
    public async Task Blog_posts_are_found_by_their_day()
    {
        var post = (await GetAsync("content?type=blogpost&expand=history&limit=1"))["results"]![0]!;
        var day = post["history"]!.Text("createdDate")[..10];

        Assert.Contains(post.Text("id"), Ids(await GetAsync($"content?type=blogpost&postingDay={day}")));
        Assert.Empty(Ids(await GetAsync("content?type=blogpost&postingDay=2020-01-01")));
    }

    [Fact]
    public async Task Comments_of_both_kinds_and_attachments_are_listed_by_type()
    {
        Assert.Equal(["98340", "98341", "98342", "98343"], Ids(await GetAsync("content?type=comment")));
        Assert.Equal(["att98344"], Ids(await GetAsync("content?type=attachment")));
    }

    [Theory]
    [InlineData("/wiki/rest/api/content", "statusCode")]
    [InlineData("/wiki/api/v2/pages", "errors")]
    public async Task More_than_5_MB_are_refused_in_the_words_of_each_version(string path, string member)
    {
        using var content = new StringContent($$"""{"title":"{{new string('x', 5 * 1024 * 1024)}}"}""", System.Text.Encoding.UTF8, "application/json");

        var error = await Simulator.ConfluenceAsync(await Simulator.AccessTokenAsync(), path, HttpMethod.Post, content)
            .ReadAsync(HttpStatusCode.RequestEntityTooLarge);

        Assert.NotNull(error[member]);
    }

    private static List<string> Ids(JsonNode list) => [.. list["results"]!.AsArray().Select(content => content!.Text("id"))];
}
