using System.Net;
using AtlassianSimulator.Control;
using AtlassianSimulator.OAuth;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.OAuth;

public sealed class RefreshTests : SimulatorTest
{
    private const string Measured = """{"error":"unauthorized_client","error_description":"refresh_token is invalid"}""";
    private const string Documented = """{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}""";

    [Fact]
    public async Task A_refresh_rotates_the_token()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");

        var (access, next) = await Simulator.RotateAsync(grant.RefreshToken);

        Assert.NotEqual(grant.RefreshToken, next);
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(access, "/wiki/api/v2/pages").StatusAsync());
        var report = await Simulator.Control.GetGrantAsync(grant.Id);
        Assert.Equal((1, 1, 0, true), (report.Exchanges, report.Attempts, report.Rejected, report.Alive));
        Assert.Equal(TokenSigner.Fingerprint(next), report.CurrentRefreshTokenSha256);
    }

    [Fact]
    public async Task A_replay_within_the_interval_gives_a_sibling_and_the_family_lives_on()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        var first = await Simulator.RotateAsync(grant.RefreshToken);
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(9));

        var sibling = await Simulator.RotateAsync(grant.RefreshToken);

        Assert.NotEqual(first.RefreshToken, sibling.RefreshToken);
        await Simulator.RotateAsync(first.RefreshToken);
        await Simulator.RotateAsync(sibling.RefreshToken);
        Assert.True((await Simulator.Control.GetGrantAsync(grant.Id)).Alive);
    }

    [Fact]
    public async Task A_late_replay_revokes_the_family()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        var (_, next) = await Simulator.RotateAsync(grant.RefreshToken);
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        await AssertDeadAsync(Simulator.RefreshAsync(grant.RefreshToken));

        await AssertDeadAsync(Simulator.RefreshAsync(next));
        var report = await Simulator.Control.GetGrantAsync(grant.Id);
        Assert.Equal((false, "replayed", 2), (report.Alive, report.DeadReason, report.Rejected));
    }

    [Fact]
    public async Task Replays_do_not_prolong_the_interval()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        await Simulator.RotateAsync(grant.RefreshToken);
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(6));
        await Simulator.RotateAsync(grant.RefreshToken);
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(6));

        await AssertDeadAsync(Simulator.RefreshAsync(grant.RefreshToken));
    }

    [Fact]
    public async Task Ninety_idle_days_kill_a_grant()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        await Simulator.Control.AdvanceAsync(TimeSpan.FromDays(90) + TimeSpan.FromMinutes(1));

        await AssertDeadAsync(Simulator.RefreshAsync(grant.RefreshToken));

        Assert.Equal("inactive", (await Simulator.Control.GetGrantAsync(grant.Id)).DeadReason);
    }

    [Fact]
    public async Task Every_refresh_resets_the_idle_days_but_not_the_age_of_the_consent()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        var token = grant.RefreshToken;
        for (var quarter = 1; quarter <= 4; quarter++)
        {
            await Simulator.Control.AdvanceAsync(TimeSpan.FromDays(89));
            (_, token) = await Simulator.RotateAsync(token);
        }

        await Simulator.Control.AdvanceAsync(TimeSpan.FromDays(10));

        await AssertDeadAsync(Simulator.RefreshAsync(token));
        Assert.Equal("consent_expired", (await Simulator.Control.GetGrantAsync(grant.Id)).DeadReason);
    }

    [Fact]
    public async Task A_revoked_grant_refreshes_no_more_but_its_access_token_lives_until_it_expires()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        var (access, next) = await Simulator.RotateAsync(grant.RefreshToken);

        await Simulator.Control.RevokeGrantAsync(grant.Id);

        await AssertDeadAsync(Simulator.RefreshAsync(next));
        Assert.Equal("revoked", (await Simulator.Control.GetGrantAsync(grant.Id)).DeadReason);
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(access, "/wiki/api/v2/pages").StatusAsync());
    }

    [Fact]
    public async Task A_new_password_kills_all_of_the_accounts_grants_and_nobody_elses()
    {
        var alices = await Simulator.Control.MintGrantAsync("alice");
        var bobs = await Simulator.Control.MintGrantAsync("bob");

        await Simulator.Control.ChangePasswordAsync("alice");

        await AssertDeadAsync(Simulator.RefreshAsync(alices.RefreshToken));
        Assert.Equal("password_changed", (await Simulator.Control.GetGrantAsync(alices.Id)).DeadReason);
        await Simulator.RotateAsync(bobs.RefreshToken);
    }

    [Fact]
    public async Task A_dead_token_can_be_answered_as_documented()
    {
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { DeadTokenAnswer = DeadTokenAnswer.Documented });

        await AssertDeadAsync(Simulator.RefreshAsync("eyJ.not.known"), Documented);
    }

    [Fact]
    public async Task An_unknown_refresh_token_is_dead() => await AssertDeadAsync(Simulator.RefreshAsync("eyJ.not.known"));

    [Fact]
    public async Task A_token_of_another_app_is_answered_as_invalid_and_stays_alive()
    {
        await Simulator.Control.RegisterAppAsync(new AppToRegister("other", "other-secret"));
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { DeadTokenAnswer = DeadTokenAnswer.Documented });
        var grant = await Simulator.Control.MintGrantAsync("alice");

        await AssertDeadAsync(Simulator.RefreshAsync(grant.RefreshToken, "other", "other-secret"));

        await Simulator.RotateAsync(grant.RefreshToken);
    }

    [Fact]
    public async Task A_wrong_secret_does_not_spend_the_token()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");

        await Simulator.RefreshAsync(grant.RefreshToken, clientSecret: "wrong").ReadAsync(HttpStatusCode.Unauthorized);

        Assert.Equal(0, (await Simulator.Control.GetGrantAsync(grant.Id)).Exchanges);
        Assert.Equal(TokenSigner.Fingerprint(grant.RefreshToken), (await Simulator.Control.GetGrantAsync(grant.Id)).CurrentRefreshTokenSha256);
    }

    [Fact]
    public async Task A_changed_secret_makes_the_old_one_wrong()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = "fresh" });

        await Simulator.RefreshAsync(grant.RefreshToken).ReadAsync(HttpStatusCode.Unauthorized);
        await Simulator.RefreshAsync(grant.RefreshToken, clientSecret: "fresh").ReadAsync();
    }

    [Fact]
    public async Task An_omitted_refresh_token_leaves_the_sent_one_current()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { OmitRefreshToken = true });

        var body = await Simulator.RefreshAsync(grant.RefreshToken).ReadAsync();

        Shape.Is(body, "access_token:string", "expires_in:number", "token_type:string", "scope:string");
        Assert.Equal(TokenSigner.Fingerprint(grant.RefreshToken), (await Simulator.Control.GetGrantAsync(grant.Id)).CurrentRefreshTokenSha256);
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(30));
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { OmitRefreshToken = false });
        await Simulator.RotateAsync(grant.RefreshToken);
    }

    [Fact]
    public async Task Two_hundred_exchanges_at_once_all_get_a_pair_and_are_all_counted()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");

        var pairs = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Simulator.RotateAsync(grant.RefreshToken)));

        Assert.Equal(200, pairs.Select(pair => pair.RefreshToken).Distinct().Count());
        Assert.Equal(200, pairs.Select(pair => pair.AccessToken).Distinct().Count());
        var report = await Simulator.Control.GetGrantAsync(grant.Id);
        Assert.Equal((200, 200, 0, 0), (report.Exchanges, report.Attempts, report.Rejected, report.InFlight));
        Assert.InRange(report.MaxInFlight, 1, 200);
        Assert.Contains(report.CurrentRefreshTokenSha256, pairs.Select(pair => TokenSigner.Fingerprint(pair.RefreshToken)));
    }

    [Fact]
    public async Task The_lifetime_of_access_tokens_can_be_changed()
    {
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { AccessTokenLifetime = TimeSpan.FromMinutes(5) });
        var grant = await Simulator.Control.MintGrantAsync("alice");

        var body = await Simulator.RefreshAsync(grant.RefreshToken).ReadAsync();

        Assert.Equal(300, body["expires_in"]!.GetValue<int>());
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Unauthorized, await Simulator.ConfluenceAsync(body.Text("access_token"), "/wiki/api/v2/pages").StatusAsync());
    }

    [Fact]
    public async Task The_answer_must_not_be_cached()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");

        using var answer = await Simulator.RefreshAsync(grant.RefreshToken);

        Assert.Equal("no-store", answer.Header("cache-control"));
    }

    private static async Task AssertDeadAsync(Task<HttpResponseMessage> answering, string expected = Measured) =>
        Assert.Equal(expected, (await answering.ReadAsync(HttpStatusCode.Forbidden)).ToJsonString());
}
