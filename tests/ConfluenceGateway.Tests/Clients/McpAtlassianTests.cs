using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>mcp-atlassian 2.1.0, an MCP server with a process of its own: all its tools for Confluence.</summary>
public sealed class McpAtlassianTests(Stores stores)
{
    [Theory]
    [InlineData(BaseUrl.Path)]
    [InlineData(BaseUrl.Host)]
    public async Task It_reads_writes_and_downloads_while_tokens_rotate(BaseUrl form)
    {
        await NodeClients.RequireAsync();
        await using var tour = await ClientTour.StartAsync(stores, form);

        // What it asks for and Confluence does not know: a path, another, a field of CQL, and a form that is named JSON.
        var seen = await tour.TakeAsync(
            "mcp-atlassian.mjs",
            refused: ["404 GET /wiki/rest/api/user/search", "404 GET /api/space/DEMO", "400 GET /wiki/rest/api/content/search", "400 POST /wiki/rest/api/content/98305/child/attachment"]);

        ClientTour.AssertReadAndWritten(seen);
        Assert.Equal("Hello from acme.\n", seen.GetProperty("downloaded").GetString());
        // It takes the body of a 401 for a page, so the title of the problem is what it shows.
        Assert.Equal("The grant is dead", seen.GetProperty("refusal").GetProperty("page").GetProperty("title").GetString());
    }
}
