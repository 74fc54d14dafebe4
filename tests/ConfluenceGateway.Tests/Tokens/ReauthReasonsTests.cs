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
