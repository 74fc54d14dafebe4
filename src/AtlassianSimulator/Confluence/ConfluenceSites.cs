using AtlassianSimulator.Accounts;
using AtlassianSimulator.Media;

namespace AtlassianSimulator.Confluence;

/// <summary>The content of every site, found by the site.</summary>
internal sealed class ConfluenceSites
{
    private readonly Dictionary<string, ConfluenceSite> _sites = new(StringComparer.Ordinal);

    public ConfluenceSites(AccountDirectory directory, SimulatorClock clock, MediaStore media)
    {
        var firstId = 98304L;
        foreach (var site in directory.Sites)
        {
            var content = new ConfluenceSite(site, firstId, directory, clock);
            new SeedContent(content, media).Plant();
            _sites.Add(site.CloudId, content);

            // Two sites never share an id, so a request that strays to the wrong one is noticed.
            firstId *= 2;
        }
    }

    public ConfluenceSite this[Site site] => _sites[site.CloudId];
}
