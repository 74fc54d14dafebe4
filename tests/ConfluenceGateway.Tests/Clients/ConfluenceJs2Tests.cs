using AtlassianSimulator;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>confluence.js 2.1.0, which speaks v1 and throws the body of an error.</summary>
public sealed class ConfluenceJs2Tests(Stores stores)
{
    [Theory]
    [InlineData(BaseUrl.Path)]
    [InlineData(BaseUrl.Host)]
    public async Task It_reads_writes_attaches_and_downloads_while_tokens_rotate(BaseUrl form)
    {
        await NodeClients.RequireAsync();
        await using var tour = await ClientTour.StartAsync(stores, form, RemovedV1.Served);

        var seen = await tour.TakeAsync("confluence.js-2.mjs");

        ClientTour.AssertReadAndWritten(seen);
        Assert.Equal(tour.FileSha256, seen.GetProperty("downloaded").GetString());
        ClientTour.AssertTold(seen.GetProperty("refusal"));
    }
}
