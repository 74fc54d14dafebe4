using AtlassianSimulator;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>confluence.js 1.7.4, which speaks v1.</summary>
public sealed class ConfluenceJs1Tests(Stores stores)
{
    [Theory]
    [InlineData(BaseUrl.Path)]
    [InlineData(BaseUrl.Host)]
    public async Task It_reads_writes_attaches_and_downloads_while_tokens_rotate(BaseUrl form)
    {
        await NodeClients.RequireAsync();
        await using var tour = await ClientTour.StartAsync(stores, form, RemovedV1.Served);

        var seen = await tour.TakeAsync("confluence.js-1.mjs");

        ClientTour.AssertReadAndWritten(seen);
        Assert.Equal(tour.FileSha256, seen.GetProperty("downloaded").GetString());
        ClientTour.AssertTold(seen.GetProperty("refusal"));
    }
}
