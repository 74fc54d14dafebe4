using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Tests.Tokens;

/// <summary>What most likely ended a grant, told from its history.</summary>
public sealed class ReauthReasonsTests
{
    private static readonly DateTimeOffset Now = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1, "revoked")]
    [InlineData(90, 90, "revoked")]
    [InlineData(91, 91, "inactive")]
    [InlineData(1, 365, "revoked")]
    [InlineData(1, 366, "consent_expired")]
    [InlineData(91, 400, "inactive")]
    public void Neglect_is_told_from_age_and_both_from_a_revocation(int daysIdle, int daysConsented, string reason) =>
        Assert.Equal(reason, GrantRecord.Name(ReauthReasons.Infer(GrantOf("app", daysIdle, daysConsented), Sent(null), "403", Now).Reason));

    [Fact]
    public void A_refusal_after_an_exchange_without_answer_is_a_lost_rotation_and_says_since_when()
    {
        var death = ReauthReasons.Infer(GrantOf("app", 91, 400), Sent(Now.AddMinutes(-12)), "403 unauthorized_client", Now);

        Assert.Equal(ReauthReason.RotationLost, death.Reason);
        Assert.Equal("no answer to the exchange begun at 2030-06-01 11:48:00Z; sent again at 2030-06-01 12:00:00Z: 403 unauthorized_client", death.Evidence);
    }

    [Theory]
    [InlineData(true, 0, "replayed")]
    [InlineData(true, 23, "replayed")]
    [InlineData(true, 24, "revoked")]
    [InlineData(false, 0, "revoked")]
    public void A_refusal_soon_after_an_import_points_at_another_user_of_the_token(bool imported, int hours, string reason)
    {
        var grant = GrantOf("app", 0, 0) with
        {
            ConsentedAt = Now.AddHours(-hours),
            IsImported = imported,
        };

        Assert.Equal(reason, GrantRecord.Name(ReauthReasons.Infer(grant, Sent(null), "403", Now).Reason));
    }

    [Fact]
    public void An_exchange_without_answer_explains_the_end_of_an_import_too()
    {
        var grant = GrantOf("app", 0, 0) with
        {
            IsImported = true,
        };

        Assert.Equal(ReauthReason.RotationLost, ReauthReasons.Infer(grant, Sent(Now.AddMinutes(-12)), "403", Now).Reason);
    }

    [Fact]
    public void A_lost_site_is_told_with_the_names_of_those_that_are_left()
    {
        var connection = new Connection(ConnectionId.Parse("demo", null), "demo", "https://acme.atlassian.net", "a", Paused: false, Now);
        var (acme, globex) = (new Site("a", "https://acme.atlassian.net", "acme", []), new Site("g", "https://globex.atlassian.net", "globex", []));

        Assert.Null(ReauthReasons.SiteLost(connection, [globex, acme], Now));
        Assert.Equal("the grant no longer covers https://acme.atlassian.net, but globex", ReauthReasons.SiteLost(connection, [globex], Now)?.Evidence);
        Assert.Equal("the grant no longer covers https://acme.atlassian.net, but no site", ReauthReasons.SiteLost(connection, [], Now)?.Evidence);
    }

    [Theory]
    [InlineData("app", "app", "secret", false)]
    [InlineData("app", "other", "secret", true)]
    [InlineData("app", "", "", false)]
    [InlineData("app", "other", "", false)]
    public void A_grant_of_another_app_is_refused_only_when_there_is_an_app(string givenTo, string configured, string secret, bool refused)
    {
        var death = ReauthReasons.WrongApp(GrantOf(givenTo, 1, 1), new AtlassianOptions { ClientId = configured, ClientSecret = secret });

        Assert.Equal(refused ? ReauthReason.WrongApp : null, death?.Reason);
        Assert.Null(death?.Since);
    }

    private static Intent Sent(DateTimeOffset? unansweredSince) => new(1, "replica", Now, Now, unansweredSince);

    private static Grant GrantOf(string clientId, int daysIdle, int daysConsented)
    {
        var obtained = Now.AddDays(-daysIdle);
        return new Grant(1, new TokenPair(new Secret("a"), new Secret("r"), obtained, obtained.AddHours(1)), clientId, null, Now.AddDays(-daysConsented), false, null);
    }
}
