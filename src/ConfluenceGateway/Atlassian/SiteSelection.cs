using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Atlassian;

/// <summary>Which of the sites that a grant reaches is the connection's. It never guesses between several.</summary>
internal abstract record SiteSelection
{
    private SiteSelection()
    {
    }

    /// <summary>Selects by pinned cloud id, else by wanted site URL, else the only one there is.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sites">What the grant reaches.</param>
    public static SiteSelection Of(Connection connection, IReadOnlyList<Site> sites) => connection switch
    {
        _ when sites.Count == 0 => new None(),
        { CloudId: { } cloudId } => One(sites.FirstOrDefault(site => site.CloudId == cloudId), connection.SiteUrl ?? cloudId, sites),
        { SiteUrl: { } siteUrl } => One(sites.FirstOrDefault(site => IsSame(site.Url, siteUrl)), siteUrl, sites),
        _ => sites.Count == 1 ? new Selected(sites[0]) : new Several(sites),
    };

    private static SiteSelection One(Site? found, string wanted, IReadOnlyList<Site> sites) =>
        found is null ? new NotCovered(wanted, sites) : new Selected(found);

    private static bool IsSame(string one, string other) =>
        Uri.TryCreate(one, UriKind.Absolute, out var first) && Uri.TryCreate(other, UriKind.Absolute, out var second)
        && string.Equals(first.Host, second.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>It is clear which.</summary>
    internal sealed record Selected(Site Site) : SiteSelection;

    /// <summary>The grant reaches no Confluence site, as a guest's.</summary>
    internal sealed record None : SiteSelection;

    /// <summary>The grant reaches others than the one the connection is for.</summary>
    internal sealed record NotCovered(string Wanted, IReadOnlyList<Site> Sites) : SiteSelection;

    /// <summary>A person must say which.</summary>
    internal sealed record Several(IReadOnlyList<Site> Sites) : SiteSelection;
}
