using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>The REST client of @atlassian-dc-mcp/confluence 0.34.0, made for Data Center.</summary>
public sealed class AtlassianDcMcpTests(Stores stores)
{
    [Theory]
    [InlineData(BaseUrl.Path)]
    [InlineData(BaseUrl.Host)]
    public async Task It_reads_writes_and_attaches_while_tokens_rotate(BaseUrl form)
    {
        await NodeClients.RequireAsync();
        await using var tour = await ClientTour.StartAsync(stores, form);

        var seen = await tour.TakeAsync("atlassian-dc-mcp.mjs", wiki: "/wiki");

        ClientTour.AssertReadAndWritten(seen);
        Assert.Equal("attached file.bin", Assert.Single(seen.GetProperty("attachments").EnumerateArray()).GetString());
        ClientTour.AssertTold(seen.GetProperty("refusal"));
    }
}
