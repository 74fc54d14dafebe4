using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>confluence-api 1.4.0, made in 2018 for v1: all its methods, some of which follow links below its base URL.</summary>
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
        ClientTour.AssertTold(seen.GetProperty("refusal"));
    }
}
