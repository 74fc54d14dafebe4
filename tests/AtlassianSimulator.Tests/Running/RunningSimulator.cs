using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AtlassianSimulator.Accounts;
using AtlassianSimulator.Control;
using Microsoft.AspNetCore.Builder;

namespace AtlassianSimulator.Tests.Running;

/// <summary>A simulator of its own on free ports, and the requests a test makes to it.</summary>
public sealed class RunningSimulator : IAsyncDisposable
{
    public const string Acme = AccountDirectory.AcmeCloudId;
    public const string Globex = AccountDirectory.GlobexCloudId;
    public const string ClientId = "simulator-client";
    public const string ClientSecret = "simulator-secret";
    public const string Callback = "http://localhost/callback";

    private readonly WebApplication _app;

    private RunningSimulator(WebApplication app)
    {
        _app = app;
        Addresses = SimulatorApp.Addresses(app);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Addresses.Url };
        Control = new SimulatorControl(Http);
    }

    public SimulatorAddresses Addresses { get; }

    public HttpClient Http { get; }

    public SimulatorControl Control { get; }

    public static async Task<RunningSimulator> StartAsync(params string[] settings)
    {
        var app = SimulatorApp.Build(
            [.. settings.Select(setting => $"--Simulator:{setting}"), "--Simulator:Url=http://127.0.0.1:0", "--Simulator:MediaUrl=http://127.0.0.1:0"]);
        await app.StartAsync();
        return new RunningSimulator(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public static string AuthorizeUrl(string scope = "read:page:confluence offline_access", string redirectUri = Callback, string clientId = ClientId, string more = "") =>
        $"/authorize?audience=api.atlassian.com&client_id={clientId}&scope={Uri.EscapeDataString(scope)}&redirect_uri={Uri.EscapeDataString(redirectUri)}&state=a%26b&response_type=code&prompt=consent{more}";

    /// <summary>Consents as configured and gives the code that came back.</summary>
    public async Task<string> CodeAsync(string scope = "read:page:confluence offline_access", string more = "")
    {
        await Control.UpdateSettingsAsync(new SimulatorSettingsChange { AutoConsent = true });
        using var answer = await Http.GetAsync(AuthorizeUrl(scope, more: more));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return QueryOf(answer.Headers.Location!)["code"];
    }

    public static Dictionary<string, string> QueryOf(Uri uri) => uri.Query.TrimStart('?').Split('&')
        .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));

    public Task<HttpResponseMessage> TokenAsync(object body) => Http.PostAsJsonAsync("/oauth/token", body);

    public Task<HttpResponseMessage> RedeemAsync(
        string code, string redirectUri = Callback, string clientId = ClientId, string clientSecret = ClientSecret) => TokenAsync(new
        {
            grant_type = "authorization_code",
            client_id = clientId,
            client_secret = clientSecret,
            code,
            redirect_uri = redirectUri,
        });

    public Task<HttpResponseMessage> RefreshAsync(string refreshToken, string clientId = ClientId, string clientSecret = ClientSecret) => TokenAsync(new
    {
        grant_type = "refresh_token",
        client_id = clientId,
        client_secret = clientSecret,
        refresh_token = refreshToken,
    });

    /// <summary>Refreshes and expects new tokens.</summary>
    public async Task<(string AccessToken, string RefreshToken)> RotateAsync(string refreshToken)
    {
        var body = await RefreshAsync(refreshToken).ReadAsync(HttpStatusCode.OK);
        return (body.Text("access_token"), body.Text("refresh_token"));
    }

    /// <summary>An access token of a new grant.</summary>
    public async Task<string> AccessTokenAsync(string account = "alice", params string[] scopes)
    {
        var grant = await Control.MintGrantAsync(account, scopes: scopes.Length == 0 ? null : scopes);
        return (await RotateAsync(grant.RefreshToken)).AccessToken;
    }

    /// <summary>Calls Confluence; the path starts below the site, such as <c>/wiki/api/v2/pages</c>.</summary>
    public Task<HttpResponseMessage> ConfluenceAsync(
        string accessToken, string path, HttpMethod? method = null, object? body = null, string site = Acme, Action<HttpRequestMessage>? change = null) =>
        ApiAsync(accessToken, $"/ex/confluence/{site}{path}", method, body, change);

    public async Task<HttpResponseMessage> ApiAsync(
        string accessToken, string path, HttpMethod? method = null, object? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body, body.GetType()));
        change?.Invoke(request);
        return await Http.SendAsync(request);
    }
}

/// <summary>Reads answers the way a test speaks of them.</summary>
internal static class Answers
{
    /// <summary>The answer's JSON, if it came with that status.</summary>
    public static async Task<JsonNode> ReadAsync(this Task<HttpResponseMessage> answering, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await answering;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    public static async Task<HttpStatusCode> StatusAsync(this Task<HttpResponseMessage> answering)
    {
        using var answer = await answering;
        return answer.StatusCode;
    }

    public static string Text(this JsonNode node, string member) => node[member]!.GetValue<string>();

    public static string Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";
}
