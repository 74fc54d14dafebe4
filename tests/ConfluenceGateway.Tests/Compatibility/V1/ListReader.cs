using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>Reads a list as clients of v1 do, page by page.</summary>
internal sealed class ListReader(TestGateway gateway, string list)
{
    private TestGateway _gateway = gateway;

    // Empty before the first page.
    private string? _next = "";

    /// <summary>The ids that were read, in their order.</summary>
    public List<string> Ids { get; } = [];

    /// <summary>Whether the last page had a link to another.</summary>
    public bool HasMore => _next is not null;

    /// <summary>Goes on at another replica.</summary>
    public void MoveTo(TestGateway other) => _gateway = other;

    /// <summary>Reads the page that the last one's link leads to; at first, the list as it was given.</summary>
    public Task<JsonElement> NextAsync() => ReadAsync(_next is { Length: > 0 } next ? next : list);

    /// <summary>Reads the page at <paramref name="start"/>.</summary>
    public Task<JsonElement> AtAsync(int start, int limit) => ReadAsync($"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}start={start}&limit={limit}");

    private async Task<JsonElement> ReadAsync(string path)
    {
        using var answer = await _gateway.App.GetAsync("/confluence/demo/wiki" + path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var results = page.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(results.Count, page.GetProperty("size").GetInt32());
        Assert.True(results.Count <= page.GetProperty("limit").GetInt32());
        Ids.AddRange(results.Select(Id));
        _next = page.TryGetProperty("_links", out var links) && links.TryGetProperty("next", out var next) ? next.GetString() : null;
        return page;
    }

    private static string Id(JsonElement item) => item.TryGetProperty("id", out var id) ? id.ToString() : item.GetProperty("number").ToString();
}
