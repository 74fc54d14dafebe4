using System.Text.Json.Nodes;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence;

/// <summary>Follows <c>next</c> the way a correct client does: v2's from the host, v1's from the base.</summary>
internal static class SiteReader
{
    /// <summary>All results, by as many requests as it takes; the first path starts below the site.</summary>
    public static async Task<(List<JsonNode> Items, int Requests)> ReadAllAsync(RunningSimulator simulator, string token, string path)
    {
        var items = new List<JsonNode>();
        var requests = 0;
        for (var next = path; next is not null; requests++)
        {
            Assert.True(requests < 200, "Paging does not end");
            var page = await simulator.ConfluenceAsync(token, next).ReadAsync();
            items.AddRange(((JsonArray)page["results"]!).Select(item => item!));
            next = page["_links"]?["next"]?.GetValue<string>();
            if (next is not null && path.Contains("/rest/api/", StringComparison.Ordinal))
            {
                Assert.StartsWith("/rest/api/", next, StringComparison.Ordinal);
                next = $"/wiki{next}";
            }
            else if (next is not null)
            {
                Assert.StartsWith("/wiki/api/v2/", next, StringComparison.Ordinal);
            }
        }

        return (items, requests);
    }

    public static async Task<JsonNode> PageAsync(RunningSimulator simulator, string token, string title) => Assert.Single(
        (JsonArray)(await simulator.ConfluenceAsync(token, $"/wiki/api/v2/pages?title={Uri.EscapeDataString(title)}").ReadAsync())["results"]!)!;
}
