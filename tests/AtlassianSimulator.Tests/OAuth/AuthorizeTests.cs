using System.Net;
using AtlassianSimulator.Control;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.OAuth;

public sealed class AuthorizeTests() : SimulatorTest("RedirectUris:0=http://localhost/callback")
{
    [Theory]
    [InlineData("http://localhost/other", RunningSimulator.ClientId, "redirect_uri is not registered for client")]
    [InlineData("http://localhost/callback/", RunningSimulator.ClientId, "redirect_uri is not registered for client")]
    [InlineData("http://localhost/callback", "stranger", "client_id is not known")]
    public async Task An_unknown_app_or_callback_ends_on_the_error_page(string redirectUri, string clientId, string description)
    {
        using var answer = await Simulator.Http.GetAsync(RunningSimulator.AuthorizeUrl(redirectUri: redirectUri, clientId: clientId));

        Assert.StartsWith("/error?error=unauthorized_client", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        using var page = await Simulator.Http.GetAsync(answer.Headers.Location);
        Assert.Contains(description, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Automatic_consent_redirects_at_once_with_code_and_state()
    {
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = true });

        using var answer = await Simulator.Http.GetAsync(RunningSimulator.AuthorizeUrl());

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var query = RunningSimulator.QueryOf(answer.Headers.Location!);
        Assert.Equal("a&b", query["state"]);
        Assert.StartsWith("eyJ", query["code"], StringComparison.Ordinal);
        Assert.True(query["code"].Length > 800, "Atlassian's codes are long");
    }

    [Theory]
    [InlineData("", "alice")]
    [InlineData("&login_hint=bob", "bob")]
    [InlineData("&login_hint=guest%40example.com", "guest")]
    public async Task Automatic_consent_takes_the_account_of_the_login_hint(string hint, string account)
    {
        await Simulator.RedeemAsync(await Simulator.CodeAsync(more: hint)).ReadAsync();

        Assert.Equal(account, Assert.Single(await Simulator.Control.GetGrantsAsync()).Account);
    }

    [Fact]
    public async Task Automatic_consent_grants_the_sites_it_is_told_to()
    {
        await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsentSites = [RunningSimulator.Globex] });

        await Simulator.RedeemAsync(await Simulator.CodeAsync()).ReadAsync();

        Assert.Equal([RunningSimulator.Globex], Assert.Single(await Simulator.Control.GetGrantsAsync()).CloudIds);
    }

    [Theory]
    [InlineData("response_type=code", "response_type=token", "unsupported_response_type")]
    [InlineData("scope=read%3Apage%3Aconfluence%20offline_access", "scope=", "invalid_scope")]
    [InlineData("audience=api.atlassian.com", "audience=elsewhere", "access_denied")]
    public async Task A_known_callback_is_told_what_is_wrong(string part, string replacement, string error)
    {
        using var answer = await Simulator.Http.GetAsync(RunningSimulator.AuthorizeUrl().Replace(part, replacement, StringComparison.Ordinal));

        var query = RunningSimulator.QueryOf(answer.Headers.Location!);
        Assert.Equal((error, "a&b"), (query["error"], query["state"]));
    }
}
