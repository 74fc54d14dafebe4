using System.Security.Cryptography;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>curl, as scripts use it.</summary>
public sealed class CurlTests(Stores stores)
{
    private const string Home = "/wiki/rest/api/content/98305/child/attachment";

    [Theory]
    [InlineData(BaseUrl.Path)]
    [InlineData(BaseUrl.Host)]
    public async Task It_lists_page_by_page_uploads_and_downloads_while_tokens_rotate(BaseUrl form)
    {
        InstalledProgram.Require("curl");
        await using var tour = await ClientTour.StartAsync(stores, form);
        var baseUrl = tour.BaseUrlOf("demo");

        var titles = new List<string>();
        for (var next = "/wiki/api/v2/pages?limit=10"; next is not null;)
        {
            var answer = await JsonAsync(baseUrl + next);
            titles.AddRange(answer.GetProperty("results").EnumerateArray().Select(page => page.GetProperty("title").GetString()!));
            next = answer.GetProperty("_links").TryGetProperty("next", out var link) ? link.GetString() : null;
        }

        var uploaded = await JsonAsync("-F", $"file=@{tour.FilePath}", "-F", "comment=kept", baseUrl + Home);
        var attachment = uploaded.GetProperty("results")[0].GetProperty("id").GetString();
        var copy = Path.Combine(tour.Folder, "copy");
        var download = await CurlAsync("-L", "-o", copy, $"{baseUrl}{Home}/{attachment}/download");
        var doomed = tour.BaseUrlOf("doomed") + "/wiki/api/v2/pages?limit=1";
        await UntilRevokedAsync(tour, baseUrl + "/wiki/api/v2/spaces", doomed);
        var refusal = await UntilRefusedAsync(doomed);

        Assert.Equal(34, titles.Distinct().Count());
        Assert.Equal(0, download.ExitCode);
        Assert.Equal(tour.FileSha256, Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(copy))));
        Assert.Equal(22, refusal.ExitCode);
        Assert.Contains("error: 401", refusal.Errors, StringComparison.Ordinal);
        Assert.Contains("/connect/doomed?ticket=", JsonDocument.Parse(refusal.Output).RootElement.GetProperty("reconnectUrl").GetString(), StringComparison.Ordinal);
        await JsonAsync(baseUrl + "/wiki/api/v2/spaces");
        await tour.AssertUpstreamAsync();
    }

    // Uses both connections in turn while a token rotates under one and the grant of the other is revoked.
    private static async Task UntilRevokedAsync(ClientTour tour, string living, string doomed)
    {
        for (var revocation = tour.RotateAndRevokeAsync(); !revocation.IsCompleted; await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System))
        {
            await JsonAsync(living);
            await CurlAsync(doomed);
        }
    }

    private static async Task<ProgramEnd> UntilRefusedAsync(string url)
    {
        var end = await CurlAsync(url);
        await Eventually.TrueAsync(async () => (end = await CurlAsync(url)).ExitCode != 0, "the doomed connection is refused");
        return end;
    }

    private static async Task<JsonElement> JsonAsync(params string[] args)
    {
        var end = await CurlAsync(args);
        Assert.True(end.ExitCode == 0, $"{end.Output} {end.Errors}");
        return JsonDocument.Parse(end.Output).RootElement;
    }

    private static Task<ProgramEnd> CurlAsync(params string[] args) =>
        InstalledProgram.RunAsync("curl", ["--silent", "--show-error", "--fail-with-body", "--user", "legacy:old-password", .. args]);
}
