using System.Net;
using System.Text;
using AtlassianSimulator.Control;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.OAuth;

public sealed class CodeExchangeTests : SimulatorTest
{
    [Fact]
    public async Task A_code_gives_tokens_in_the_documented_shape()
    {
        var body = await Simulator.RedeemAsync(await Simulator.CodeAsync()).ReadAsync();

        Shape.Is(body, "access_token:string", "refresh_token:string", "expires_in:number", "token_type:string", "scope:string");
        Assert.Equal(3600, body["expires_in"]!.GetValue<int>());
        Assert.Equal("Bearer", body.Text("token_type"));
        Assert.Equal("read:page:confluence offline_access", body.Text("scope"));
        Assert.StartsWith("eyJ", body.Text("refresh_token"), StringComparison.Ordinal);
        Assert.StartsWith("eyJ", body.Text("access_token"), StringComparison.Ordinal);
        Assert.InRange(body.Text("access_token").Length, 1800, 4000);
    }

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token()
    {
        var body = await Simulator.RedeemAsync(await Simulator.CodeAsync("read:page:confluence")).ReadAsync();

        Shape.Is(body, "access_token:string", "expires_in:number", "token_type:string", "scope:string");
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var code = await Simulator.CodeAsync();
        await Simulator.RedeemAsync(code).ReadAsync();

        await AssertInvalidCodeAsync(Simulator.RedeemAsync(code));
    }

    [Fact]
    public async Task A_code_expires_after_ten_minutes()
    {
        var code = await Simulator.CodeAsync();
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(10));

        await AssertInvalidCodeAsync(Simulator.RedeemAsync(code));
    }

    [Fact]
    public async Task A_code_is_bound_to_its_redirect_uri() =>
        await AssertInvalidCodeAsync(Simulator.RedeemAsync(await Simulator.CodeAsync(), redirectUri: "http://localhost/elsewhere"));

    [Fact]
    public async Task A_code_is_bound_to_its_app()
    {
        await Simulator.Control.RegisterAppAsync(new AppToRegister("other", "other-secret"));

        await AssertInvalidCodeAsync(Simulator.RedeemAsync(await Simulator.CodeAsync(), clientId: "other", clientSecret: "other-secret"));
    }

    [Fact]
    public async Task An_unknown_code_is_invalid() => await AssertInvalidCodeAsync(Simulator.RedeemAsync("eyJ.nonsense.x"));

    [Fact]
    public async Task A_form_works_like_json()
    {
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "authorization_code"), new("client_id", RunningSimulator.ClientId), new("client_secret", RunningSimulator.ClientSecret),
            new("code", await Simulator.CodeAsync()), new("redirect_uri", RunningSimulator.Callback),
        ]);

        var body = await Simulator.Http.PostAsync("/oauth/token", form).ReadAsync();

        Assert.StartsWith("eyJ", body.Text("access_token"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunningSimulator.ClientId, "wrong")]
    [InlineData(RunningSimulator.ClientId, "")]
    [InlineData("stranger", RunningSimulator.ClientSecret)]
    public async Task Wrong_client_credentials_are_access_denied(string clientId, string clientSecret)
    {
        var body = await Simulator.RedeemAsync("eyJ.a.b", clientId: clientId, clientSecret: clientSecret).ReadAsync(HttpStatusCode.Unauthorized);

        Assert.Equal("""{"error":"access_denied","error_description":"Unauthorized"}""", body.ToJsonString());
    }

    [Fact]
    public async Task A_wrong_secret_does_not_cost_the_code()
    {
        var code = await Simulator.CodeAsync();
        await Simulator.RedeemAsync(code, clientSecret: "wrong").ReadAsync(HttpStatusCode.Unauthorized);

        await Simulator.RedeemAsync(code).ReadAsync();
    }

    [Theory]
    [InlineData("{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("{\"grant_type\":", "application/json")]
    [InlineData("{\"grant_type\":7}", "application/json")]
    [InlineData("{\"grant_type\":\"authorization_code\",\"grant_type\":\"authorization_code\"}", "application/json")]
    [InlineData("grant_type=refresh_token", "text/plain")]
    [InlineData("grant_type=refresh_token", "application/x-www-form-urlencoded")]
    [InlineData("grant_type=password&client_id=simulator-client&client_secret=simulator-secret", "application/x-www-form-urlencoded")]
    [InlineData("grant_type=refresh_token&client_id=simulator-client&client_secret=simulator-secret", "application/x-www-form-urlencoded")]
    [InlineData("grant_type=authorization_code&client_id=simulator-client&client_secret=simulator-secret", "application/x-www-form-urlencoded")]
    public async Task A_malformed_request_is_an_invalid_request(string content, string contentType)
    {
        using var sent = new StringContent(content, Encoding.UTF8, contentType);

        var body = await Simulator.Http.PostAsync("/oauth/token", sent).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal("invalid_request", body.Text("error"));
        Assert.NotEmpty(body.Text("error_description"));
    }

    private static async Task AssertInvalidCodeAsync(Task<HttpResponseMessage> answering) => Assert.Equal(
        """{"error":"invalid_request","error_description":"authorization_code is invalid"}""",
        (await answering.ReadAsync(HttpStatusCode.BadRequest)).ToJsonString());
}
