using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A gateway on ports of its own, over real HTTP, as an app, an operator and a browser use it.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    // Every category that appsettings.json quietens, at Debug.
    private static readonly string[] DebugLevels =
    [
        .. new[] { "Default", "Microsoft", "System", "Yarp", "RedLockNet", "Microsoft.AspNetCore.DataProtection" }.Select(category => $"--Logging:LogLevel:{category}=Debug"),
    ];

    private readonly WebApplication _app;

    private TestGateway(WebApplication app, RunLogProvider log)
    {
        _app = app;
        Log = log;
        var listeners = app.Services.GetRequiredService<Listeners>();
        App = Client(listeners.TrafficUrl);
        Management = Client(listeners.ManagementUrl);
        Operator = Client(listeners.ManagementUrl);
        Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Services.GetRequiredService<AdminKey>().Value);
    }

    public IServiceProvider Services => _app.Services;

    public RunLogProvider Log { get; }

    /// <summary>A legacy app's client: no redirects followed, no cookies.</summary>
    public HttpClient App { get; }

    /// <summary>A client of the management listener without a key.</summary>
    public HttpClient Management { get; }

    /// <summary>A client of the management listener with the admin key.</summary>
    public HttpClient Operator { get; }

    /// <summary>The address of a management page.</summary>
    public Uri Page(string path) => new(Management.BaseAddress!, path);

    public static async Task<TestGateway> StartAsync(IEnumerable<string> settings, TimeProvider? clock = null)
    {
        var log = new RunLogProvider();
        var app = Program.Build(
            ["--Listen:Traffic=http://127.0.0.1:0", "--Listen:Management=http://127.0.0.1:0", "--Listen:DrainDelay=00:00:00", .. DebugLevels, .. settings],
            builder =>
            {
                builder.Logging.ClearProviders().AddProvider(log);
                if (clock is not null)
                {
                    builder.Services.AddSingleton(clock);
                }
            });
        Assert.Empty(Settings.Errors(app.Services));
        await app.StartAsync();
        return new TestGateway(app, log);
    }

    /// <summary>Makes a connection.</summary>
    public async Task CreateAsync(string id, string? siteUrl = "https://acme.atlassian.net", string? displayName = null)
    {
        using var answer = await Operator.PutAsJsonAsync($"/api/v1/connections/{id}", new { displayName = displayName ?? id, siteUrl });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A link to connect it.</summary>
    public async Task<Uri> ConnectLinkAsync(string id)
    {
        using var answer = await Operator.PostAsync($"/api/v1/connections/{id}/connect-link", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").Deserialize<Uri>()!;
    }

    /// <summary>Makes a connection and consents for it.</summary>
    public async Task ConnectAsync(string id, string? siteUrl = "https://acme.atlassian.net")
    {
        await CreateAsync(id, siteUrl);
        using var browser = new Browser();
        var page = await browser.ConnectAsync(await ConnectLinkAsync(id));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("<h1>Connected</h1>", page.Html, StringComparison.Ordinal);
    }

    /// <summary>The connection as the management API shows it.</summary>
    public async Task<JsonElement> ShowAsync(string id)
    {
        using var answer = await Operator.GetAsync($"/api/v1/connections/{id}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The value of a metric, by its name and labels as they stand in the exposition; zero when it has none yet.</summary>
    public async Task<double> MetricAsync(string series)
    {
        var text = await Management.GetStringAsync("/metrics");
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        App.Dispose();
        Management.Dispose();
        Operator.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static HttpClient Client(string url) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None })
    {
        BaseAddress = new Uri(url),
        Timeout = TimeSpan.FromMinutes(2),
    };
}
