using System.Text;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>Chromium: a person opens the link to a page that a client wrote with its own base URL.</summary>
public sealed class ChromiumTests(Stores stores)
{
    private const string Page = "/wiki/spaces/DEMO/pages/98305/Demonstration+Home?focusedCommentId=1";

    [Theory]
    [InlineData(BaseUrl.Path)]
    [InlineData(BaseUrl.Host)]
    public async Task It_comes_to_the_page_at_the_site(BaseUrl form)
    {
        InstalledProgram.Require("chromium");
        await using var tour = await ClientTour.StartAsync(stores, form);
        // What the site would show: where the browser is.
        await using var site = await TlsUpstream.StartAsync(Encoding.UTF8.GetBytes("<!doctype html><p id=at></p><script>at.textContent = location.href</script>"));

        var end = await InstalledProgram.RunAsync("chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", $"--user-data-dir={tour.Folder}/profile",
            $"--host-resolver-rules=MAP acme.atlassian.net {new Uri(site.Url).Authority}", "--ignore-certificate-errors",
            "--dump-dom", tour.BaseUrlOf("demo") + Page,
        ]);

        Assert.Contains($"<p id=\"at\">https://acme.atlassian.net{Page}</p>", end.Output, StringComparison.Ordinal);
        Assert.Empty(await tour.World.Atlassian.GetRequestsAsync());
    }
}
