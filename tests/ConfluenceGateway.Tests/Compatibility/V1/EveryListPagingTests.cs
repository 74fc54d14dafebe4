using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>All kinds of lists of v1, in small pages.</summary>
public sealed class EveryListPagingTests(ManyDetails details) : IClassFixture<ManyDetails>
{
    [Theory]
    [InlineData("/rest/api/content/{0}/child/comment", 40)]
    [InlineData("/rest/api/content/{0}/child/comment?location=footer", 20)]
    [InlineData("/rest/api/content/{0}/child/comment?location=resolved", 2)]
    [InlineData("/rest/api/content/{0}/child/comment?location=footer,resolved", 22)]
    [InlineData("/rest/api/content/{0}/child/comment?location=footer,inline", 38)]
    [InlineData("/rest/api/content/{0}/child/comment?expand=body.storage", 40)]
    [InlineData("/rest/api/content/{0}/child/page", 20)]
    [InlineData("/rest/api/content/{0}/property", 20)]
    [InlineData("/rest/api/content/{0}/label", 20)]
    [InlineData("/rest/api/content/{0}/version", 20)]
    [InlineData("/rest/api/space/ENG/property", 20)]
    [InlineData("/rest/api/space", 2)]
    [InlineData("/rest/api/inlinetasks/search", 4)]
    public async Task Each_item_comes_once(string path, int count)
    {
        var list = string.Format(null, path, details.PageId);
        var whole = new ListReader(details.World.Gateway, list);
        await whole.AtAsync(0, 100);
        Assert.Equal(count, whole.Ids.Count);
        var and = list.Contains('?', StringComparison.Ordinal) ? '&' : '?';

        foreach (var limit in new[] { 1, 4, 5, 20 })
        {
            var counted = new ListReader(details.World.Gateway, list);
            for (var start = 0; start <= count; start += limit)
            {
                await counted.AtAsync(start, limit);
            }

            var back = new ListReader(details.World.Gateway, list);
            var before = new List<string>();
            for (var start = count / limit * limit; start >= 0; start -= limit)
            {
                await back.AtAsync(start, limit);
                before.InsertRange(0, back.Ids);
                back.Ids.Clear();
            }

            Assert.Equal(whole.Ids, counted.Ids);
            Assert.Equal(whole.Ids, before);
            // The list of tasks is the only one without links.
            if (!list.Contains("inlinetasks", StringComparison.Ordinal))
            {
                var followed = new ListReader(details.World.Gateway, $"{list}{and}limit={limit}");
                while (followed.HasMore)
                {
                    await followed.NextAsync();
                }

                Assert.Equal(whole.Ids, followed.Ids);
            }
        }
    }

    [Fact]
    public async Task Few_that_are_meant_among_many_cost_few_calls()
    {
        await details.World.Atlassian.ClearRequestsAsync();

        var reader = new ListReader(details.World.Gateway, $"/rest/api/content/{details.PageId}/child/comment?location=resolved");
        await reader.AtAsync(0, 1);

        Assert.Single(reader.Ids);
        Assert.InRange((await details.World.Atlassian.GetRequestsAsync()).Count, 1, 3);
    }
}

/// <summary>A page with twenty of everything.</summary>
public sealed class ManyDetails(Stores stores) : IAsyncLifetime
{
    private World? _world;

    internal World World => _world!;

    internal string PageId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _world = await World.ConnectedAsync(stores, "--Compatibility:V1=Always");
        var space = (await _world.Gateway.App.GetFromJsonAsync<JsonElement>("/confluence/demo/wiki/api/v2/spaces?keys=ENG")).GetProperty("results")[0].GetProperty("id").GetString();
        PageId = await PostAsync("api/v2/pages", new { spaceId = space, status = "current", title = "Many" });
        for (var number = 0; number < 20; number++)
        {
            var body = new { representation = "storage", value = $"<p>{number}</p>" };
            await PostAsync("api/v2/pages", new { spaceId = space, status = "current", title = $"Below {number}", parentId = PageId });
            await PostAsync("api/v2/footer-comments", new { pageId = PageId, body });
            var inline = await PostAsync("api/v2/inline-comments", new { pageId = PageId, body, inlineCommentProperties = new { textSelection = "Many" } });
            await PostAsync($"api/v2/pages/{PageId}/properties", new { key = $"key-{number}", value = number });
            await PostAsync($"api/v2/spaces/{space}/properties", new { key = $"key-{number}", value = number });
            await SendAsync(HttpMethod.Post, $"rest/api/content/{PageId}/label", new[] { new { prefix = "global", name = $"label-{number:d2}" } });
            if (number > 0)
            {
                await SendAsync(HttpMethod.Put, $"api/v2/pages/{PageId}", new { id = PageId, status = "current", title = "Many", body, version = new { number = number + 1 } });
            }

            if (number >= 18)
            {
                await SendAsync(HttpMethod.Put, $"api/v2/inline-comments/{inline}", new { version = new { number = 2 }, body, resolved = true });
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    private async Task<string> PostAsync(string path, object body) => (await SendAsync(HttpMethod.Post, path, body)).GetProperty("id").GetString()!;

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, $"/confluence/demo/wiki/{path}") { Content = JsonContent.Create(body) };
        using var answer = await World.Gateway.App.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
