using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>confluence-api 1.4.0, made in 2018 for v1; it follows links below its base URL.</summary>
public sealed class ConfluenceApiTests(Stores stores)
{
    [Theory]
    [InlineData(BaseUrl.Path)]
    [InlineData(BaseUrl.Host)]
    public async Task It_reads_writes_and_attaches_while_tokens_rotate(BaseUrl form)
    {
        await NodeClients.RequireAsync();
        await using var tour = await ClientTour.StartAsync(stores, form);

        var seen = await tour.TakeAsync("confluence-api.mjs", wiki: "/wiki");

        ClientTour.AssertReadAndWritten(seen);
        Assert.Equal("attached file.bin", Assert.Single(seen.GetProperty("attachments").EnumerateArray()).GetString());
        ClientTour.AssertTold(seen.GetProperty("refusal"));
    }
}
