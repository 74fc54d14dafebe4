using ConfluenceGateway.Connections;
using ConfluenceGateway.OAuth;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>Why somebody is asked for a consent, in their words.</summary>
public sealed class StandingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Connection Sales = new(ConnectionId.Parse("sales", null), "Sales reports", "https://acme.atlassian.net", null, Paused: false, Now);

    private static readonly Grant Alive = new(
        1, new TokenPair(new Secret("access"), new Secret("refresh"), Now, Now.AddHours(1)), "client", "account", Now, AfterRejection: false, Death: null);

    [Fact]
    public void Every_reason_has_words_of_its_own()
    {
        var reasons = Enum.GetValues<ReauthReason>();

        var told = reasons.Select(reason => Standing.Of(Sales, Alive, new GrantDeath(reason, "evidence", Now))).ToList();

        Assert.Equal(reasons.Length, told.Select(standing => standing.Why).Distinct().Count());
        Assert.All(told, standing => Assert.Equal(("Reconnect Sales reports to Confluence", (DateTimeOffset?)Now), (standing.Title, standing.Since)));
    }

    [Fact]
    public void A_lost_site_is_named() =>
        Assert.Contains("https://acme.atlassian.net", Standing.Of(Sales, Alive, new GrantDeath(ReauthReason.SiteLost, "evidence", Now)).Why, StringComparison.Ordinal);

    [Fact]
    public void A_first_consent_and_a_good_one_are_not_since_anything()
    {
        Assert.Equal(("Connect Sales reports to Confluence", null), Told(Standing.Of(Sales, grant: null, death: null)));
        Assert.Equal(("Sales reports is connected", null), Told(Standing.Of(Sales, Alive, death: null)));
    }

    private static (string Title, DateTimeOffset? Since) Told(Standing standing) => (standing.Title, standing.Since);
}
