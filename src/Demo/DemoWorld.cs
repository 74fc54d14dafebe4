using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using AtlassianSimulator;
using AtlassianSimulator.Control;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Demo;

/// <summary>Simulator, gateway and embedded store in one process, and a legacy app that uses them.</summary>
internal sealed partial class DemoWorld(string[] args) : IAsyncDisposable
{
    private const string ConnectionName = "demo";
    private static readonly TimeSpan RequestInterval = TimeSpan.FromSeconds(2);

    private readonly string _directory = Directory.CreateTempSubdirectory("confluence-gateway-demo-").FullName;
    // A browser: it presses the button of a link's page, follows redirects and keeps the cookie that a consent is bound to.
    private readonly HttpClient _browser = new(new HttpClientHandler { CookieContainer = new CookieContainer() });
    private WebApplication? _simulator;
    private WebApplication? _gateway;

    private Uri SimulatorUrl => SimulatorApp.Addresses(_simulator!).Url;

    private Listeners Listeners => _gateway!.Services.GetRequiredService<Listeners>();

    private string BaseUrl => $"{Listeners.PublicUrl}/confluence/{ConnectionName}";

    /// <summary>Starts both programs.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public async Task StartAsync()
    {
        // Tokens that live half a minute, so that one sees them rotate.
        _simulator = SimulatorApp.Build(["--Simulator:AutoConsent=true", "--Simulator:AccessTokenLifetime=00:00:30", .. args]);
        await _simulator.StartAsync();
        _gateway = ConfluenceGateway.Program.Build(
        [
            $"--Embedded:DataDirectory={_directory}",
            "--Atlassian:ClientId=simulator-client", "--Atlassian:ClientSecret=simulator-secret",
            $"--Atlassian:AuthBaseUrl={SimulatorUrl}", $"--Atlassian:ApiBaseUrl={SimulatorUrl}",
            "--Refresh:Skew=00:00:05", "--Refresh:Ahead=00:00:10",
            // Nobody balances a demonstration.
            "--Listen:DrainDelay=00:00:00",
            "--Logging:LogLevel:Default=Warning",
            .. args,
        ]);
        await _gateway.StartAsync();
    }

    /// <summary>Makes the connection as an operator does, and consents as a person does.</summary>
    public async Task ConnectAsync()
    {
        await ManageAsync(HttpMethod.Put, "", new { displayName = "Demo", siteUrl = "https://acme.atlassian.net" });
        using var answer = await ManageAsync(HttpMethod.Post, "/connect-link");
        var link = await answer.Content.ReadFromJsonAsync<Link>();
        var page = await _browser.GetStringAsync(link!.Url);
        using var form = new FormUrlEncodedContent(HiddenField().Matches(page).ToDictionary(field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value)));
        using var connected = await _browser.PostAsync(link.Url.GetLeftPart(UriPartial.Path), form);
        connected.EnsureSuccessStatusCode();
    }

    /// <summary>Says where everything is and what to try.</summary>
    public async Task WriteWelcomeAsync(TextWriter console)
    {
        var grant = (await new SimulatorControl(new HttpClient(new HttpClientHandler()) { BaseAddress = SimulatorUrl }).GetGrantsAsync()).Single();
        await console.WriteLineAsync($"""

            Confluence Gateway, with a simulated Atlassian behind it. The connection '{ConnectionName}' has consented; its tokens live 30 seconds.

              base URL for an app   {BaseUrl}
              management            {Listeners.ManagementUrl}  (sign in with the admin key in {_gateway!.Services.GetRequiredService<AdminKey>().KeptIn})
              simulated Atlassian   {SimulatorUrl}

            Try:
              curl "{BaseUrl}/wiki/api/v2/pages?limit=3"
              curl -X POST {SimulatorUrl}_simulator/grants/{grant.Id}/revoke && sleep 30 && curl -i {BaseUrl}/wiki/api/v2/pages
              curl {Listeners.ManagementUrl}/metrics

            After the second one open the reconnectUrl of the answer in a browser and press the button: the connection serves again.
            A legacy app asks for pages every two seconds. Its token rotates under it:

            """);
    }

    /// <summary>Lets the legacy app work, and shows what happens, until the process is told to stop.</summary>
    public async Task RunAsync(TextWriter console)
    {
        var stopping = _gateway!.Lifetime.ApplicationStopping;
        var store = _gateway.Services.GetRequiredService<ConnectionStore>();
        using var app = new HttpClient(new HttpClientHandler());
        var (answered, shown) = (HttpStatusCode.OK, 0L);
        try
        {
            while (true)
            {
                using var answer = await app.GetAsync($"{BaseUrl}/wiki/api/v2/pages?limit=1", stopping);
                var grant = (await store.ReadAsync(ConnectionId.Parse(ConnectionName, null)))?.Grant;
                if (grant is not null && grant.Generation != shown)
                {
                    await SayAsync(console, $"generation {grant.Generation}: the token is good until {grant.Pair.ExpiresAt.ToLocalTime():HH:mm:ss}");
                    shown = grant.Generation;
                }

                if (answer.StatusCode != answered)
                {
                    await SayAsync(console, $"from now on the app is answered {(int)answer.StatusCode}{(grant?.Death is { } death ? $", because {death.Evidence}" : "")}");
                    answered = answer.StatusCode;
                }

                await Task.Delay(RequestInterval, TimeProvider.System, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await _gateway.WaitForShutdownAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (_simulator is not null)
        {
            await _simulator.DisposeAsync();
        }

        _browser.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static Task SayAsync(TextWriter console, string what) => console.WriteLineAsync($"  {TimeProvider.System.GetLocalNow():HH:mm:ss}  {what}");

    private async Task<HttpResponseMessage> ManageAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{Listeners.ManagementUrl}/api/v1/connections/{ConnectionName}{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _gateway!.Services.GetRequiredService<AdminKey>().Value);
        request.Content = body is null ? null : JsonContent.Create(body);
        var answer = await _browser.SendAsync(request);
        return answer.EnsureSuccessStatusCode();
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();

    private sealed record Link(Uri Url);
}
