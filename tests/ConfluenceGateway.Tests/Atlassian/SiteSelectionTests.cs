using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tests.Atlassian;

/// <summary>Which site a connection is for, never guessed.</summary>
public sealed class SiteSelectionTests
{
    private static readonly Site Acme = new("acme-id", "https://acme.atlassian.net", "acme", []);
    private static readonly Site Globex = new("globex-id", "https://globex.atlassian.net", "globex", []);

    [Theory]
    [InlineData(null, "acme-id", "acme-id globex-id", "Selected acme-id")]
    [InlineData("https://globex.atlassian.net", "acme-id", "acme-id globex-id", "Selected acme-id")]
    [InlineData(null, "acme-id", "globex-id", "NotCovered acme-id")]
    [InlineData("https://acme.atlassian.net", "acme-id", "globex-id", "NotCovered https://acme.atlassian.net")]
    [InlineData("https://globex.atlassian.net", null, "acme-id globex-id", "Selected globex-id")]
    [InlineData("https://GLOBEX.atlassian.net/wiki/", null, "acme-id globex-id", "Selected globex-id")]
    [InlineData("https://other.atlassian.net", null, "acme-id", "NotCovered https://other.atlassian.net")]
    [InlineData("not a url", null, "acme-id", "NotCovered not a url")]
    [InlineData(null, null, "acme-id", "Selected acme-id")]
    [InlineData(null, null, "acme-id globex-id", "Several 2")]
    [InlineData(null, null, "", "None")]
    [InlineData("https://acme.atlassian.net", "acme-id", "", "None")]
    public void A_pin_comes_before_a_wish_and_a_wish_before_the_only_one(string? siteUrl, string? cloudId, string reached, string expected)
    {
        var connection = new Connection(ConnectionId.Parse("demo", null), "demo", siteUrl, cloudId, Paused: false, DateTimeOffset.UnixEpoch);
        var sites = new[] { Acme, Globex }.Where(site => reached.Split(' ').Contains(site.CloudId)).ToArray();

        Assert.Equal(expected, SiteSelection.Of(connection, sites) switch
        {
            SiteSelection.Selected selected => $"Selected {selected.Site.CloudId}",
            SiteSelection.NotCovered notCovered => $"NotCovered {notCovered.Wanted}",
            SiteSelection.Several several => $"Several {several.Sites.Count}",
            var other => other.GetType().Name,
        });
    }
}
