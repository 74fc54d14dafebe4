using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>@markdown-confluence/cli 5.5.2, which publishes Markdown files and their pictures.</summary>
public sealed class MarkdownConfluenceTests(Stores stores)
{
    [Theory]
    [InlineData(BaseUrl.Path)]
    [InlineData(BaseUrl.Host)]
    public async Task It_publishes_and_publishes_again_while_tokens_rotate(BaseUrl form)
    {
        await NodeClients.RequireAsync();
        await using var tour = await ClientTour.StartAsync(stores, form);

        var seen = await tour.TakeAsync("markdown-confluence.mjs", atOnce: 2);

        Assert.Equal(2, seen.GetProperty("created").GetArrayLength());
        Assert.NotEqual(0, seen.GetProperty("updated").GetArrayLength());
        Assert.Contains("second", await tour.PageAsync(ClientTour.Run), StringComparison.Ordinal);
        Assert.Equal(1, seen.GetProperty("refusal").GetProperty("exitCode").GetInt32());
        // It breaks the body into the lines of a box.
        var told = string.Concat(seen.GetProperty("refusal").GetProperty("text").GetString()!.Where(shown => shown is not ('│' or ' ' or '\n')));
        Assert.Contains("OpenthereconnectUrlinabrowserandconsentagain", told, StringComparison.Ordinal);
        Assert.Contains("/connect/doomed?ticket=", told, StringComparison.Ordinal);
    }
}
