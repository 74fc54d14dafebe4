using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>confluence.js 1.7.4 and 2.1.0, which speak v1; the second throws the body of an error.</summary>
public sealed class ConfluenceJsV1Tests(Stores stores)
{
    [Theory]
    [InlineData("confluence.js-1.mjs", BaseUrl.Path)]
    [InlineData("confluence.js-1.mjs", BaseUrl.Host)]
    [InlineData("confluence.js-2.mjs", BaseUrl.Path)]
    [InlineData("confluence.js-2.mjs", BaseUrl.Host)]
    public async Task It_reads_writes_attaches_and_downloads_while_tokens_rotate(string script, BaseUrl form)
    {
        await NodeClients.RequireAsync();
        await using var tour = await ClientTour.StartAsync(stores, form);

        var seen = await tour.TakeAsync(script);

        ClientTour.AssertReadAndWritten(seen);
        Assert.Equal(tour.FileSha256, seen.GetProperty("downloaded").GetString());
        ClientTour.AssertTold(seen.GetProperty("refusal"));
    }
}
