using System.Net;
using System.Text;
using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Control;

public sealed class ControlApiTests : SimulatorTest
{
    [Theory]
    [InlineData("POST", "time", "{}", "advance")]
    [InlineData("POST", "time", """{"advance":"soon"}""", "advance")]
    [InlineData("POST", "time", """{"advance":"-01:00:00"}""", "advance")]
    [InlineData("POST", "time", "nonsense", "body")]
    [InlineData("POST", "time", "[1]", "body")]
    [InlineData("PATCH", "settings", """{"autoConsnt":true}""", "autoConsnt")]
    [InlineData("PATCH", "settings", """{"autoConsent":"yes"}""", "autoConsent")]
    [InlineData("PATCH", "settings", """{"autoConsentAccount":"nobody"}""", "autoConsentAccount")]
    [InlineData("PATCH", "settings", """{"autoConsentSites":["nowhere"]}""", "autoConsentSites")]
    [InlineData("PATCH", "settings", """{"accessTokenLifetime":"00:00:00"}""", "accessTokenLifetime")]
    [InlineData("PATCH", "settings", """{"reuseInterval":"2.00:00:00"}""", "reuseInterval")]
    [InlineData("PATCH", "settings", """{"deadTokenAnswer":"Invented"}""", "deadTokenAnswer")]
    [InlineData("PATCH", "settings", """{"removedV1":0}""", "removedV1")]
    [InlineData("PATCH", "settings", """{"clientSecret":""}""", "clientSecret")]
    [InlineData("POST", "faults", """{"endpoint":"Token"}""", "kind")]
    [InlineData("POST", "faults", """{"kind":"Delay"}""", "endpoint")]
    [InlineData("POST", "faults", """{"kind":"Explode","endpoint":"Token"}""", "kind")]
    [InlineData("POST", "faults", """{"kind":"Delay","endpoint":"Token"}""", "duration")]
    [InlineData("POST", "faults", """{"kind":"Delay","endpoint":"Token","duration":"01:00:00"}""", "duration")]
    [InlineData("POST", "faults", """{"kind":"Status","endpoint":"Token"}""", "code")]
    [InlineData("POST", "faults", """{"kind":"Status","endpoint":"Token","code":99}""", "code")]
    [InlineData("POST", "faults", """{"kind":"Status","endpoint":"Token","code":500,"times":0}""", "times")]
    [InlineData("POST", "faults", """{"kind":"Status","endpoint":"Token","code":500,"skip":-1}""", "skip")]
    [InlineData("POST", "faults", """{"kind":"Status","endpoint":"Token","code":500,"retryAfter":-1}""", "retryAfter")]
    [InlineData("POST", "faults", """{"kind":"AccessTokenDiesEarly","endpoint":"Token","after":"-00:00:01"}""", "after")]
    [InlineData("POST", "faults", """{"kind":"AccessTokenDiesEarly","endpoint":"Jira"}""", "endpoint")]
    [InlineData("POST", "faults", """{"kind":"OmitRefreshToken","endpoint":"Confluence"}""", "endpoint")]
    [InlineData("POST", "faults", """{"kind":"FalseUnauthorized","endpoint":"Token"}""", "endpoint")]
    [InlineData("POST", "faults", """{"kind":"AddHeaders","endpoint":"Jira"}""", "headers")]
    [InlineData("POST", "faults", """{"kind":"AddHeaders","endpoint":"Jira","headers":{"a b":"c"}}""", "headers")]
    [InlineData("POST", "faults", """{"kind":"AddHeaders","endpoint":"Jira","headers":{"a":"b\nc"}}""", "headers")]
    [InlineData("POST", "faults", """{"kind":"Status","endpoint":"Jira","code":429,"headers":{"Content-Length":"1"}}""", "headers")]
    [InlineData("POST", "grants", "{}", "account")]
    [InlineData("POST", "grants", """{"account":"nobody"}""", "account")]
    [InlineData("POST", "grants", """{"account":"alice","cloudIds":["nowhere"]}""", "cloudIds")]
    [InlineData("POST", "grants", """{"account":"bob","cloudIds":["22222222-2222-4222-8222-222222222222"]}""", "cloudIds")]
    [InlineData("POST", "grants", """{"account":"alice","clientId":"stranger"}""", "clientId")]
    [InlineData("POST", "apps", """{"clientId":"a"}""", "clientSecret")]
    [InlineData("POST", "apps", """{"clientId":"","clientSecret":"b"}""", "clientId")]
    [InlineData("POST", "apps", """{"clientId":"a","clientSecret":"b","redirectUris":["not a url"]}""", "redirectUris")]
    public async Task Bad_input_is_refused_by_the_name_of_its_field(string method, string path, string body, string field)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/_simulator/{path}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        var error = await Simulator.Http.SendAsync(request).ReadAsync(HttpStatusCode.BadRequest);

        Shape.Is(error, "field:string", "message:string");
        Assert.Equal(field, error.Text("field"));
    }

    [Theory]
    [InlineData("GET", "grants/unknown", "id")]
    [InlineData("POST", "grants/unknown/revoke", "id")]
    [InlineData("POST", "grants/unknown/expire-access-tokens", "id")]
    [InlineData("DELETE", "faults/unknown", "id")]
    [InlineData("POST", "accounts/nobody/change-password", "name")]
    public async Task What_does_not_exist_is_not_found(string method, string path, string field)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/_simulator/{path}");

        Assert.Equal(field, (await Simulator.Http.SendAsync(request).ReadAsync(HttpStatusCode.NotFound)).Text("field"));
    }

    [Fact]
    public async Task Time_moves_forward_as_told()
    {
        var before = (await Simulator.Control.GetStateAsync()).Now;

        var after = (await Simulator.Control.AdvanceAsync(TimeSpan.FromDays(30))).Now;

        Assert.InRange(after - before, TimeSpan.FromDays(30), TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_change_touches_only_what_it_names()
    {
        var before = (await Simulator.Control.GetStateAsync()).Settings;

        var after = await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { ReuseInterval = TimeSpan.FromSeconds(3) });

        Assert.Equal(TimeSpan.FromSeconds(3), after.ReuseInterval);
        Assert.Equal(
            before with { ReuseInterval = after.ReuseInterval, AutoConsentSites = [] },
            after with { AutoConsentSites = [] });
    }

    [Fact]
    public async Task The_json_is_camel_case_with_named_enums_and_constant_format_durations()
    {
        var settings = (await Simulator.Http.GetAsync("/_simulator/state").ReadAsync())["settings"]!;

        Assert.Equal("01:00:00", settings.Text("accessTokenLifetime"));
        Assert.Equal("90.00:00:00", settings.Text("inactivityLimit"));
        Assert.Equal("Measured", settings.Text("deadTokenAnswer"));
    }

    [Fact]
    public async Task State_and_grants_never_show_tokens_or_secrets()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        await Simulator.RotateAsync(grant.RefreshToken);

        var shown = await Simulator.Http.GetStringAsync("/_simulator/state") + await Simulator.Http.GetStringAsync("/_simulator/grants");

        Assert.DoesNotContain("eyJ", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(RunningSimulator.ClientSecret, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_minted_grant_has_the_sites_scopes_and_app_asked_for()
    {
        await Simulator.Control.RegisterAppAsync(new AppToRegister("other", "other-secret"));

        var minted = await Simulator.Control.MintGrantAsync("alice", [RunningSimulator.Globex], ["read:page:confluence"], "other");

        var grant = await Simulator.Control.GetGrantAsync(minted.Id);
        Assert.Equal(("alice", "other"), (grant.Account, grant.ClientId));
        Assert.Equal([RunningSimulator.Globex], grant.CloudIds);
        Assert.Equal(["read:page:confluence"], grant.Scopes);
        await Simulator.RefreshAsync(minted.RefreshToken, "other", "other-secret").ReadAsync();
    }

    [Fact]
    public async Task A_fault_comes_back_with_its_id_and_what_is_left_of_it()
    {
        var id = await Simulator.Control.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 500, Times = 3, Skip = 1 });
        await Simulator.RefreshAsync("eyJ").StatusAsync();
        await Simulator.RefreshAsync("eyJ").StatusAsync();

        var left = Assert.Single(await Simulator.Control.GetFaultsAsync());

        Assert.Equal((id, 2, 0, 500), (left.Id, left.Times, left.Skip, left.Code));
    }

    [Fact]
    public async Task Counters_count_what_was_asked()
    {
        var grant = await Simulator.Control.MintGrantAsync("alice");
        await Simulator.RotateAsync(grant.RefreshToken);
        await Simulator.RefreshAsync("eyJ").StatusAsync();
        await Simulator.RedeemAsync(await Simulator.CodeAsync()).ReadAsync();
        await Simulator.ConfluenceAsync("eyJ", "/wiki/api/v2/pages").StatusAsync();

        Assert.Equal(new SimulatorCounters(1, 1, 2, 1, 1, 1, 0, 1, 0, 0), await Simulator.Control.GetCountersAsync());
    }

    [Fact]
    public async Task The_client_tells_what_the_simulator_complained_about()
    {
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => Simulator.Control.MintGrantAsync("nobody"));

        Assert.Equal(HttpStatusCode.BadRequest, failure.StatusCode);
        Assert.Contains("account", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_that_hold_secrets_do_not_print_them()
    {
        Assert.DoesNotContain("eyJ", new MintedGrant("id", "eyJ").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", new AppToRegister("id", "hush").ToString(), StringComparison.Ordinal);
    }
}
