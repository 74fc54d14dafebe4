using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>wget, as scripts use it to fetch files.</summary>
public sealed class WgetTests(Stores stores)
{
    [Fact]
    public async Task It_downloads_an_attachment_and_tells_of_a_dead_grant()
    {
        InstalledProgram.Require("wget");
        await using var tour = await ClientTour.StartAsync(stores, BaseUrl.Path);
        var copy = Path.Combine(tour.Folder, "copy");

        var download = await WgetAsync("-O", copy, tour.BaseUrlOf("demo") + "/wiki/rest/api/content/98305/child/attachment/att98344/download");
        var revocation = tour.RotateAndRevokeAsync();
        ProgramEnd refusal;
        do
        {
            Assert.Equal(0, (await WgetAsync("-O", "/dev/null", tour.BaseUrlOf("demo") + "/wiki/api/v2/pages?limit=1")).ExitCode);
            refusal = await WgetAsync("-O", "/dev/null", tour.BaseUrlOf("doomed") + "/wiki/api/v2/pages?limit=1");
        }
        while (refusal.ExitCode == 0);
        await revocation;

        Assert.True(download.ExitCode == 0, download.Errors);
        Assert.Equal("Hello from acme.\n", await File.ReadAllTextAsync(copy));
        Assert.Equal(6, refusal.ExitCode);
        Assert.Contains("401 Unauthorized", refusal.Errors, StringComparison.Ordinal);
        await tour.AssertUpstreamAsync();
    }

    private static Task<ProgramEnd> WgetAsync(params string[] args) =>
        InstalledProgram.RunAsync("wget", ["--tries=1", "--user=legacy", "--password=old-password", .. args]);
}
