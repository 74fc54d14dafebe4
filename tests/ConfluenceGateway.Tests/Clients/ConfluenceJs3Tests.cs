using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>confluence.js 3.2.0, which speaks v2 and holds every answer against its schema.</summary>
public sealed class ConfluenceJs3Tests(Stores stores)
{
    [Theory]
    [InlineData(BaseUrl.Path)]
    [InlineData(BaseUrl.Host)]
    public async Task It_reads_writes_attaches_and_downloads_while_tokens_rotate(BaseUrl form)
    {
        await NodeClients.RequireAsync();
        await using var tour = await ClientTour.StartAsync(stores, form);

        var seen = await tour.TakeAsync("confluence.js-3.mjs");

        ClientTour.AssertReadAndWritten(seen);
        Assert.Equal(tour.FileSha256, seen.GetProperty("downloaded").GetString());
        ClientTour.AssertTold(seen.GetProperty("refusal"));
        Assert.Equal("AuthError", seen.GetProperty("refusal").GetProperty("name").GetString());
    }
}
